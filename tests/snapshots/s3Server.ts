import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { S3Address } from '../../core/snapshots/address.ts'

/** A server that speaks as much of S3 as snapshots need, and checks each signature by the words of Amazon's documentation. */
export interface FakeS3 {
  readonly address: S3Address
  /** By path: `/bucket/prefix/key`. */
  readonly files: Map<string, { readonly body: Buffer; readonly sha256: string | undefined }>
  /** Method and path of each request, in order. */
  readonly requests: string[]
  /** What it does to requests before it looks at them; true: it has answered. */
  before: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Whether it understands conditions of PUT. */
  isConditional: boolean
  close(): Promise<void>
}

const SECRET = 'a-secret-that-nobody-sees'

/** Starts one, on a free port of this machine. */
export async function startFakeS3(): Promise<FakeS3> {
  const files: FakeS3['files'] = new Map()
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    requests.push(`${request.method} ${request.url}`)
    if (!fake.before(request, response)) answer(request, response, Buffer.concat(chunks))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeS3 = {
    address: {
      kind: 's3',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/prefix`,
      region: 'eu-west-3',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: SECRET,
      sessionToken: 'a-token',
    },
    files,
    requests,
    before: () => false,
    isConditional: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fake

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const path = request.url ?? ''
    const { headers, method } = request
    if (!isSigned(request, body))
      return void response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    const file = files.get(path)
    const tag = file && tagOf(file.body)
    if (method === 'PUT') {
      const [match, none] = [headers['if-match'], headers['if-none-match']]
      if ((match ?? none) !== undefined && !fake.isConditional) return void response.writeHead(501).end()
      if ((match !== undefined && match !== tag) || (none === '*' && file !== undefined))
        return void response.writeHead(412).end()
      files.set(path, { body, sha256: headers['x-amz-meta-sha256']?.toString() })
      return void response.writeHead(200, { etag: tagOf(body) }).end()
    }
    if (method === 'DELETE') {
      files.delete(path)
      return void response.writeHead(204).end()
    }
    if (file === undefined) return void response.writeHead(404).end()
    if (headers['if-none-match'] === tag) return void response.writeHead(304).end()
    const meta = file.sha256 === undefined ? {} : { 'x-amz-meta-sha256': file.sha256 }
    response.writeHead(200, { etag: tag, 'content-length': file.body.length, ...meta })
    response.end(method === 'HEAD' ? undefined : file.body)
  }
}

const tagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`

/** AWS Signature Version 4, as the documentation has it: canonical request, text to sign, derived key. */
function isSigned({ method, url = '', headers }: IncomingMessage, body: Buffer): boolean {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    )
  if (given === null) return false
  const [, id, day = '', region = '', signed = '', signature] = given
  const time = String(headers['x-amz-date'])
  const names = signed.split(';')
  const isComplete = ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'].every((name) =>
    names.includes(name),
  )
  if (id !== 'AKIDEXAMPLE' || region !== 'eu-west-3' || !isComplete || !time.startsWith(day)) return false
  if (headers['x-amz-security-token'] !== 'a-token' || sha256(body) !== headers['x-amz-content-sha256']) return false
  const canonical = [
    method,
    url,
    '',
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    sha256(body),
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    Buffer.from(`AWS4${SECRET}`),
  )
  return createHmac('sha256', key).update(text).digest('hex') === signature
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')
