"""Fast forward/backward pairs: ``y, cache = f(x, ...)`` and ``gradients = f_backward(dy, cache)``."""

from cnnlab.scratch.functional.avg_pooling import *
from cnnlab.scratch.functional.convolution import *
from cnnlab.scratch.functional.dense import *
from cnnlab.scratch.functional.gated import *
from cnnlab.scratch.functional.gates import *
from cnnlab.scratch.functional.global_pooling import *
from cnnlab.scratch.functional.group_normalization import *
from cnnlab.scratch.functional.hard_gates import *
from cnnlab.scratch.functional.joins import *
from cnnlab.scratch.functional.layout import *
from cnnlab.scratch.functional.max_pooling import *
from cnnlab.scratch.functional.noise import *
from cnnlab.scratch.functional.normalization import *
from cnnlab.scratch.functional.rectifiers import *
from cnnlab.scratch.functional.recurrent import *
from cnnlab.scratch.functional.sequences import *
from cnnlab.scratch.functional.squashing import *
from cnnlab.scratch.functional.subsampling import *
from cnnlab.scratch.functional.table_convolution import *
from cnnlab.scratch.functional.thresholds import *
from cnnlab.scratch.functional.transposed_convolution import *
