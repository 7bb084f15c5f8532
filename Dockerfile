# The program and nothing else: it is static, writes only where it is told to, and runs
# as whichever user it is given, with no home folder and no name for that user.
#
#   docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/work" ghcr.io/latch-keys/latch lattice check
#
# Built from an unpacked archive of the release. To talk to NATS over TLS with an
# authority that is not the server's own, mount its certificate and name it: nats_ca.
FROM scratch
LABEL org.opencontainers.image.source="https://github.com/latch-keys/latch" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY latch /usr/bin/latch
COPY LICENSE NOTICES /usr/share/doc/latch/
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/bin/latch"]
