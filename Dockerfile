# The receiver as an image: one AOT binary that needs glibc and, for .NET's cryptography, libssl.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang llvm zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN ./run.sh build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libssl3 ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/out/ebpf-receiver /usr/local/bin/ebpf-receiver
# There is no curl in here, and none is needed.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/usr/local/bin/ebpf-receiver", "health"]
ENTRYPOINT ["/usr/local/bin/ebpf-receiver"]
CMD ["run"]
