#!/usr/bin/env bash
# nbclient 0.11.0: a kernel that does not start leaves a callback behind, which fails at exit.
#
# NotebookClient.execute registers its cleaning up with atexit before it starts the kernel. Where the
# kernel's program ends at once, execute raises RuntimeError, as it should, and cleans up; but the
# registration stays, and as the kernel is gone by then, Python prints a traceback of an AssertionError
# without a text when it exits, long after the error was dealt with.
#
# Seen: "Kernel died before replying to kernel_info" is raised and caught, the program prints its last
# line, and "Exception ignored in atexit callback … AssertionError" follows.
#
# Way round it: atexit.unregister(client._cleanup_kernel) when execute has ended.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  nbclient==0.11.0 nbformat==5.11.1 jupyter_client==8.10.0 jupyter_core==5.9.1
export JUPYTER_PATH="$folder/jupyter"
mkdir -p "$JUPYTER_PATH/kernels/ends-at-once"
cat > "$JUPYTER_PATH/kernels/ends-at-once/kernel.json" <<JSON
{"argv": ["$folder/env/bin/python", "-c", "raise SystemExit(1)", "{connection_file}"],
 "display_name": "ends at once", "language": "python"}
JSON
"$folder/env/bin/python" - > "$folder/said" 2>&1 <<'PYTHON'
from importlib.metadata import version

import nbformat
from nbclient import NotebookClient

notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
print("nbclient", version("nbclient"))
try:
    NotebookClient(notebook, kernel_name="ends-at-once").execute()
except RuntimeError as error:
    print("raised and caught:", error)
print("the program is done")
PYTHON
cat "$folder/said"
if sed -n '/^the program is done$/,$p' "$folder/said" | grep -q "^AssertionError"; then
  echo "An AssertionError follows the end of the program."
else
  echo "This has changed." >&2
  exit 1
fi
