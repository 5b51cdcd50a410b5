#!/bin/sh
# Writes the lock files anew from pyproject.toml: the newest releases that it allows, with hashes, but
# for dev.txt: `make` installs with it as constraints. Needs uv. Look at the difference before
# committing it.
set -eu
cd "$(dirname "$0")/.."

versions() {
    uv pip compile --quiet --upgrade --python-version 3.11 --no-annotate \
        --custom-compile-command locks/compile.sh --output-file "$@"
}

compile() {
    versions "$@" --generate-hashes
}

compile locks/serve.txt --extra tracing pyproject.toml
compile locks/tools.txt --extra tracing --extra convert --constraint locks/serve.txt pyproject.toml
compile locks/backfill.txt --extra tracing --extra parquet --constraint locks/serve.txt \
    pyproject.toml locks/backfill.in
echo 'nvidia-cublas-cu12>=12.8,<13' | compile locks/gpu.txt -
echo 'hatchling>=1.27' | compile locks/build.txt -
versions locks/dev.txt --extra dev --constraint locks/serve.txt pyproject.toml
