# Builds the program, then ships it alone on a small image, as a user without rights.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/vigie /vigie

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
       chromium-headless-shell fonts-liberation fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/vigie --create-home vigie
COPY --from=build /vigie /usr/local/bin/vigie
USER vigie
ENV VIGIE_DATA_DIR=/var/lib/vigie VIGIE_LISTEN=0.0.0.0:8080 VIGIE_LOG_FORMAT=json
VOLUME /var/lib/vigie
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["vigie"]
CMD ["serve"]
