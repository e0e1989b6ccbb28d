{{- /* The name of the release, with that of the chart where it is not part of it: services are named with it. */ -}}
{{- define "strates.name" -}}
{{- if contains "strates" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-strates" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* By what the parts of a release are found. Takes (list $ "component"). */ -}}
{{- define "strates.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: strates
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "strates.labels" -}}
{{- $root := index . 0 -}}
{{ include "strates.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end -}}

{{- define "strates.image" -}}
{{- with .Values.image -}}
{{- if eq .tag "latest" -}}
{{- fail "image.tag: name a version, since latest is another image each day" -}}
{{- end -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What all pods share: no token of the cluster, nobody's root, spread over nodes and zones. Takes (list $ "component"). */ -}}
{{- define "strates.pod" -}}
{{- $root := index . 0 -}}
serviceAccountName: {{ include "strates.name" $root }}
automountServiceAccountToken: false
enableServiceLinks: false
# 5 seconds until nobody sends anything new, then 15 at most for what is in flight.
terminationGracePeriodSeconds: 30
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
topologySpreadConstraints:
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "strates.selector" (list $root (index $ 1)) | nindent 8 }}
{{- end }}
{{- with $root.Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with $root.Values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- end -}}

{{- /* What all containers share. Takes (list $ seconds), for how long a start may take. */ -}}
{{- define "strates.container" -}}
{{- $root := index . 0 -}}
name: strates
image: {{ include "strates.image" $root }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
ports:
  - { name: http, containerPort: 4000 }
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
startupProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: {{ div (index . 1) 5 }}
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
lifecycle:
  preStop:
    exec: { command: [sleep, '5'] }
volumeMounts:
  - { name: data, mountPath: /data }
  - { name: tmp, mountPath: /tmp }
{{- end -}}

{{- /* Who signed the certificate of the database, where that is named. */ -}}
{{- define "strates.certificatesMount" -}}
{{- if .Values.secrets.certificates }}
- { name: certificates, mountPath: /certificates, readOnly: true }
{{- end }}
{{- end -}}

{{- define "strates.certificates" -}}
{{- with .Values.secrets.certificates }}
- name: certificates
  secret: { secretName: {{ . }} }
{{- end }}
{{- end -}}

{{- define "strates.tmp" -}}
- name: tmp
  emptyDir: { sizeLimit: 256Mi }
{{- end -}}

{{- /* A variable from a secret. Takes (list "NAME" secret optional). */ -}}
{{- define "strates.secret" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef: { name: {{ (index . 1).name }}, key: {{ (index . 1).key }}, optional: {{ index . 2 }} }
{{- end -}}

{{- /* Variables as they are given. */ -}}
{{- define "strates.environment" -}}
{{- range $name, $value := . }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end -}}
