# docker build -t sonnim .
# docker run -p 8080:8080 -v sonnim:/data sonnim
FROM node:20-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY docs/openapi.json /src/docs/openapi.json
COPY web ./
RUN npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/app/dist web/app/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist -p sonnim && cp target/dist/sonnim /usr/local/bin/sonnim

FROM debian:bookworm-slim
# postgresql-client for `sonnim backup` of a PostgreSQL database; it must be at least as new as the server.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl postgresql-client tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home /data sonnim && install -d -m 0700 -o sonnim -g sonnim /data
COPY --from=build /usr/local/bin/sonnim /usr/local/bin/sonnim
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/sonnim/
USER sonnim
VOLUME /data
ENV SONNIM_DATA=/data SONNIM_LISTEN=0.0.0.0:8080 SONNIM_LOG_FORMAT=json
EXPOSE 8080 2424 2525
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["sonnim"]
CMD ["serve"]
