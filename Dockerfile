# syntax=docker/dockerfile:1
# Targets: `serve` (the default: what serves, with the bundled pack), `baked` (the same with the
# pack of `--build-arg PACK=…`), `backfill` (reads and writes object storage) and `gpu`, each made of
# the target of `--build-arg SERVING=…`, and `tools` (pulls and converts packs; has torch).
# docs/operations.md says how to pin the base image by digest.
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm
ARG SERVING=serve

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY locks/build.txt locks/serve.txt locks/
RUN python -m venv /builder && /builder/bin/pip install --require-hashes -r locks/build.txt
RUN python -m venv /app \
    && /app/bin/pip install --require-hashes --only-binary :all: -r locks/serve.txt
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY models/packs models/packs
RUN /builder/bin/pip wheel --no-build-isolation --no-deps --wheel-dir dist . \
    && /app/bin/pip install --no-deps --no-index dist/*.whl \
    && /app/bin/pip uninstall --yes pip setuptools

FROM ${PYTHON_IMAGE} AS runtime
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Newsbrief" \
      org.opencontainers.image.description="Story highlights and checked translations" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="the Newsbrief authors"
# OMP_NUM_THREADS: libraries beside the engine must not start threads by the host's core count.
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp OMP_NUM_THREADS=1 \
    NEWSBRIEF_HOST=0.0.0.0 NEWSBRIEF_PACKS_DIR=/packs
EXPOSE 8000
ENTRYPOINT ["newsbrief"]
CMD ["serve"]

FROM build AS storage
COPY locks/backfill.txt locks/
RUN /builder/bin/pip --python /app/bin/python install --no-deps --require-hashes \
        --only-binary :all: -r locks/backfill.txt

FROM ${PYTHON_IMAGE} AS cuda
COPY locks/gpu.txt /src/locks/gpu.txt
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --target /cuda \
        -r /src/locks/gpu.txt

FROM runtime AS tools
COPY locks/tools.txt /src/locks/tools.txt
COPY --from=build /src/dist /src/dist
RUN python -m venv /app \
    && /app/bin/pip install --no-cache-dir --require-hashes -r /src/locks/tools.txt \
    && /app/bin/pip install --no-cache-dir --no-deps --no-index /src/dist/*.whl \
    && rm -r /src
USER 10001:10001

FROM tools AS pulled
ARG PACK=newsroom
# `--accept-non-commercial` for packs whose licence asks for it.
ARG PULL_OPTIONS=""
USER root
RUN newsbrief packs pull ${PULL_OPTIONS} "${PACK}"

FROM runtime AS baked
ARG PACK=newsroom
COPY --from=build /app /app
COPY --from=pulled /packs /packs
ENV NEWSBRIEF_PACK=${PACK}
USER 10001:10001

FROM runtime AS serve
COPY --from=build /app /app
USER 10001:10001

FROM ${SERVING} AS backfill
COPY --from=storage /app /app

# CTranslate2's wheel brings the CUDA runtime and loads cuBLAS of CUDA 12 by name; the driver comes
# from the node, by way of NVIDIA's container toolkit. This target has never run on a GPU.
FROM ${SERVING} AS gpu
COPY --from=cuda /cuda/nvidia /cuda/nvidia
ENV LD_LIBRARY_PATH=/cuda/nvidia/cublas/lib:/cuda/nvidia/cuda_nvrtc/lib \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

# The last stage is what is built where no target is named.
FROM serve AS default
