# The image of every part of Strates: the whole of it, a gateway, a subgraph, an ingest. docs/deployment.md tells how each is started.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /strates
COPY package.json package-lock.json ./
# No script of a package runs. Three packages bring Node itself, for machines with an older one: this is none.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/node-win-* node_modules/.bin

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Strates" \
      org.opencontainers.image.description="French territorial open data as a GraphQL federation, one subgraph per tier" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/node:24.21.0-bookworm-slim"
# Nothing is installed where it runs. The data is the only thing that the user of the image may write.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && install -d -o 1000 -g 1000 /data
WORKDIR /strates
COPY --from=packages /strates/node_modules node_modules
COPY . .
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    STRATES_DATA=/data
VOLUME /data
USER 1000:1000
EXPOSE 4000
# The first start builds the store, for some minutes. Gateways and subgraphs answer alike, at the port of the image.
HEALTHCHECK --interval=15s --timeout=5s --start-period=15m --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1: it obeys SIGTERM, and every process that it starts is its own child.
ENTRYPOINT ["node"]
CMD ["gateway/main.ts", "--no-simulated"]
