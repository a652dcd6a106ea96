# The hub in a container. Build: docker build -t muster . Run: see docker-compose.yml and docs/guides/run-a-hub.md.
FROM node:24-bookworm-slim AS build
WORKDIR /muster
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY scripts ./scripts
COPY shared ./shared
COPY server ./server
COPY client ./client
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /muster
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data SIGNER_DIR=/signer
WORKDIR /muster
RUN groupadd --system --gid 10001 muster \
 && useradd --system --uid 10001 --gid muster --no-create-home --shell /usr/sbin/nologin muster \
 && install -d -m 0700 -o muster -g muster /data /signer
COPY --from=packages /muster/node_modules ./node_modules
COPY --from=build /muster/dist ./dist
# What `npx muster`, `npm run verify`, `npm run witness` and `npm run receipts` start; the rest of scripts/ builds and tests.
COPY scripts/muster.mjs scripts/run-verify.mjs ./scripts/
COPY package.json LICENSE NOTICE ./
USER muster
VOLUME ["/data", "/signer"]
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node as the first process receives SIGTERM itself, and drains.
CMD ["node", "dist/main.js"]
