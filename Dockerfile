# mailscout in a container: `docker build -t mailscout .`, then see compose.yaml or deploy/kubernetes.
# `npm run check:docker` runs these steps without Docker. A new Node is one line here, and the tests beforehand.
ARG NODE=node:24.21.0-alpine3.24

# Compiles, then drops what only the compiler needed.
FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build \
  && rm dist/.tsbuildinfo \
  && find dist -name '*.map' -delete \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

# The base without its package managers: the service never runs them, and they are a sixth of it.
FROM ${NODE} AS base
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn* \
  /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg

FROM scratch
LABEL org.opencontainers.image.title="mailscout" \
  org.opencontainers.image.description="Finds the mail servers an e-mail address needs" \
  org.opencontainers.image.source="https://github.com/mailscout/mailscout" \
  org.opencontainers.image.licenses="MIT"
COPY --from=base / /
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json openapi.yaml LICENSE ./
COPY bin bin
COPY data data
COPY web web
# `0.0.0.0` and not `::`, which fails where the kernel has no IPv6; what may reach the port is the network's business.
ENV PATH=/usr/local/bin:/usr/bin:/bin \
  NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=8080
# By number, so that Kubernetes sees that it is not root. Nothing in the image is this user's: all of it can be read only.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:' + process.env.PORT + '/healthz', (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# Without a shell between them, so that node itself gets the signal and drains.
ENTRYPOINT ["node", "bin/mailscout.js"]
# Another command runs the command line: `docker run --rm mailscout discover ann@gmail.com`.
CMD ["serve"]
