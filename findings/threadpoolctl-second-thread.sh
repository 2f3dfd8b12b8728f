#!/usr/bin/env bash
# threadpoolctl 3.8.0 with NumPy 2.4.6 (OpenBLAS 0.3.31): the first thread that limits BLAS keeps all
# others from it. In another thread `with threadpool_limits(2)` then does nothing, and says nothing.
# 3.7.0 let each thread set the limit for the whole process.
#
# So a limit that a main thread sets once, without `with`, holds in every worker thread until the main
# thread ends, whatever limit a worker asks for.
#
# Seen, threads of BLAS inside `with threadpool_limits(2)` in a second thread, after the first one called
# threadpool_limits(1): 3.7.0: 2; 3.8.0: 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/limits.py" <<'PYTHON'
import threading

import numpy  # noqa: F401
from threadpoolctl import threadpool_info, threadpool_limits

seen = []


def worker():
    with threadpool_limits(2, user_api="blas"):
        seen.extend(library["num_threads"] for library in threadpool_info())


threadpool_limits(1, user_api="blas")
thread = threading.Thread(target=worker)
thread.start()
thread.join()
print(*seen)
PYTHON
python3 -m venv "$folder/env"
for version in 3.7.0 3.8.0; do
  "$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check \
    numpy==2.4.6 "threadpoolctl==$version"
  seen=$(OPENBLAS_NUM_THREADS=2 "$folder/env/bin/python" "$folder/limits.py")
  echo "threadpoolctl $version: $seen"
  [ "$seen" = "$([ "$version" = 3.7.0 ] && echo 2 || echo 1)" ] || { echo "This has changed."; exit 1; }
done
