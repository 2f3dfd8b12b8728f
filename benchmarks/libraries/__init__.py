"""What other libraries answer to the questions of ``cnnlab.conventions``, a file each."""
