"""What a student hears about a slip: one sentence a mutant, which names the idea, not the code."""

from cnnlab.scratch.mutants import Mutant

# Sentences by the name of the mutant, for all functions that have one of this name.
SENTENCES: dict[str, str] = {
    # any function
    "zeros": "The output is all zeros: is the result ever written into it?",
    "wrong values": "The output has the right shape, but its values do not come from the input.",
    "example 0 only": "Only the first example of the batch is computed.",
    "channel 0 only": "Only the first channel is computed.",
    "batch reversed": "The examples come out in reverse order.",
    "half precision": "The values are right to three digits only: they pass through float16.",
    # any gradient
    "zero gradient": "The gradient is all zeros, so nothing would ever be learned.",
    "turned sign": "The sign is turned: this gradient points uphill for whoever subtracts it.",
    "gradient twice": "The gradient is twice as large as it should be: is a part counted twice?",
    "gradient of ones": "The upstream gradient dy is not used: this is the gradient of a plain sum.",
    "gradient averaged": (
        "The gradient is divided by the batch size. The loss has averaged already, and dy holds "
        "that; here gradients are summed over the batch."
    ),
    "gradient of channel 0": "Only the first channel of the input gets a gradient.",
    # convolution and pooling
    "stride ignored": "The windows do not move by the stride that was given.",
    "dilation ignored": "The taps of the kernel lie side by side: where is the dilation?",
    "padding ignored": "The image is not padded before the kernel slides over it.",
    "one-sided padding": "All padding lies above and to the left; half of it belongs on each side.",
    "edge padding": "The padding repeats the pixels of the edge; here it must be zeros.",
    "off-by-one window": "Every window begins one pixel too early.",
    "last row left out": "The last row of the output stays 0: count the last window too.",
    "transposed map": "Rows and columns of the output are exchanged.",
    "window one smaller": "The last column of each window is not read.",
    "ceil for floor": "Windows that hang over the edge are kept, but policy floor drops them.",
    "floor for ceil": "Windows that hang over the edge are dropped, but policy ceil keeps them.",
    "flipped kernel": (
        "Every value equals a convolution with the kernel turned by 180 degrees: this asks for "
        "cross-correlation."
    ),
    "transposed kernel": "Rows and columns of the kernel are exchanged.",
    "transposed channels": "Input and output channels of the weight are exchanged.",
    "input channel 0 only": "Only the first input channel is read: a filter spans all of them.",
    "mean of taps": "The products are averaged, but a kernel sums them.",
    "groups share": "Every group reads the channels of the first group.",
    "mean for max": "This is the mean of each window, and the task asks for the maximum.",
    "max for mean": "This is the maximum of each window, and the task asks for the mean.",
    "min for max": "This is the smallest number of each window, not the largest.",
    "max of sizes": "Signs are dropped before the maximum is taken.",
    "padding is 0": "The padding takes part as 0: a window of negative numbers must not become 0.",
    "sum for mean": "The windows are summed, but the sum is not divided.",
    "root mean square": "This is the root of the mean square of each window, not its mean.",
    "padding never counts": "The padding is left out of the count; here it counts in the mean.",
    "padding always counts": "The padding counts in the mean; here it must be left out.",
    # their gradients
    "dx not flipped": (
        "The kernel is turned: each place sends it back as it is. One that slides over dy instead "
        "must be turned first."
    ),
    "dx off by one": "The gradient of the input is shifted by a pixel: how is the padding cut off?",
    "dweight flipped": "The gradient of the weight is turned by 180 degrees.",
    "dweight of example 0": "Only the first example counts: sum over the whole batch.",
    "dweight averaged": "The gradient of the weight is averaged over the batch; here it is summed.",
    "dbias averaged": "The gradient of the bias is a mean; each output passes on all of its dy.",
    "dbias zero": "The gradient of the bias is zero, so it would never learn.",
    "dbias of ones": "The gradient of the bias does not use the upstream gradient dy.",
    "tie to the last": "In a tie the last maximum gets the gradient; here it is the first.",
    "tie shared": "In a tie all maxima share the gradient; here the first one gets all of it.",
    "tie to all": "In a tie every maximum gets the whole gradient; only the first one may.",
    "gradient to all": "Every pixel of a window gets the gradient, but only its maximum counted.",
    "gradient to the corner": "The first pixel of each window gets the gradient, whatever it did.",
    "overlap overwritten": (
        "Where windows overlap, only the last one counts: a pixel gets the sum of its gradients."
    ),
    "gradient not divided": "Every pixel gets all of the gradient, but the mean took a share of each.",
    "gradient shifted": "The gradient is shifted by one column.",
    # dense layers
    "missing bias": "The bias is not added.",
    "bias twice": "The bias is added twice.",
    "bias subtracted": "The bias is subtracted, not added.",
    "bias reversed": "The biases go to the outputs in reverse order.",
    "weight transposed": "The weight is read by columns: its rows belong to the outputs.",
    "feature 0 only": "Only the first feature is read.",
    "mean of products": "The products are averaged over the features; here they are summed.",
    "dweight transposed": "The two axes of the gradient of the weight are exchanged.",
    "dx transposed": "The gradient of x goes through the weight the wrong way round.",
    # activations
    "identity": "Negative numbers pass unchanged.",
    "absolute value": "Negative numbers become positive, but ReLU sets them to 0.",
    "minimum": "The negative numbers are kept and the positive ones lost.",
    "leaky": "Negative numbers leak through: this is leaky ReLU.",
    "cut at 1": "Large numbers are cut off, but ReLU has no upper end.",
    "step": "This says whether a number is positive; ReLU keeps the number.",
    "threshold 0.1": "The threshold is not at 0.",
    "slope 1 at 0": "The gradient passes where the output is 0, and it must stop there.",
    "passes everything": "The gradient passes where the output is 0, and it must stop there.",
    "mask turned": "The gradient passes where it must stop, and stops where it must pass.",
    "mask of dy": "What decides is the sign of the input, not that of dy.",
    "guided": "Negative upstream gradients are lost: the sign of dy plays no part.",
    "times y": "The gradient is multiplied with the output, but the slope of ReLU is 0 or 1.",
    "over the batch": "The probabilities sum to 1 over the batch: classes compete, not examples.",
    "over the last axis": "The probabilities sum to 1 along the last axis; classes are axis 1.",
    "overflows": (
        "Powers of large logits overflow. Nothing changes if the same number is taken off all "
        "logits of an example first."
    ),
    "not normalised": "The powers are not divided by their sum.",
    "sigmoid": "Each class has a probability by itself: this is the sigmoid.",
    "logarithm": "These are logarithms of probabilities.",
    "temperature": "The logits are halved first, which makes the probabilities too even.",
    "hard": "The largest logit gets 1 and the others 0: softmax is softer than that.",
    "turned": "Small logits get the large probabilities: look at a sign.",
    "diagonal only": "A logit also moves the probabilities of the other classes.",
    "no sum": "All classes share one sum; its part of the gradient is missing.",
    "sum not weighted": "In the sum over classes each dy must count with its probability.",
    "identity backward": "The upstream gradient passes as if there were no softmax.",
    # losses
    "zero": "The loss is 0 whatever the logits are.",
    "summed": "The loss is summed over the batch, but this asks for the mean.",
    "value summed": "The loss is summed over the batch, but this asks for the mean.",
    "over classes": "The loss is divided by the number of classes too.",
    "probability": "This is 1 − p: where is the logarithm?",
    "guarded log": "A constant inside the logarithm moves every value: work with logits instead.",
    "integer loss": "The loss is rounded to a whole number.",
    "softmax twice": "The softmax is taken twice: the loss expects logits, not probabilities.",
    "softmax over the batch": "The probabilities sum to 1 over the batch, not over the classes.",
    "sizes of logits": "The signs of the logits are lost.",
    "next label": "The labels are off by one: classes count from 0.",
    "its own label": "The largest logit counts as right, whatever the label says.",
    "label of example 0": "The label of the first example is used for all.",
    "gradient uphill": "The sign of the gradient is turned.",
    "gradient summed": "The loss is a mean, so its gradient must be divided by the batch size too.",
    "gradient averaged twice": "The gradient is divided by the batch size twice.",
    "gradient of example 0": "Only the first example gets a gradient.",
    "gradient of class 0": "Only the first class gets a gradient.",
    "one-hot left out": "The probabilities alone are not the gradient: where does the label enter?",
    "only the label": "The wrong classes get no gradient, but their logits must fall.",
    # batch normalisation
    "batch at evaluation": "In evaluation the running statistics must be used, not the batch's own.",
    "memory in training": "In training the statistics of the batch must be used, not the running ones.",
    "per example": "Mean and variance are taken within each example, not over the batch.",
    "one for all channels": "One mean and one variance serve all channels; each needs its own.",
    "unbiased variance": "The variance is divided by n − 1; the normalisation divides by n.",
    "not centred": "The mean is not taken off.",
    "eps ignored": "The eps under the root is not the one that was given.",
    "scale left out": "The weight, which scales each channel, is not used.",
    "shift left out": "The bias, which shifts each channel, is not used.",
    "scale and shift swapped": "Weight and bias have changed places.",
    "memory stands still": "The running statistics do not move in training.",
    "memory of one batch": "The running statistics forget all batches but the last.",
    "momentum turned": "The momentum is the share of the new batch, not that of the old statistics.",
    "biased memory": "The running variance takes in the variance that is divided by n − 1.",
    "memory of deviations": "The running variance holds standard deviations: square them.",
    "constants in training": "In training mean and variance depend on x too: two terms are missing.",
    "no path through mean": "x also moves the mean of its channel: that term is missing.",
    "no path through variance": "x also moves the variance of its channel: that term is missing.",
    "dx without weight": "The gradient of x leaves the scale out.",
    "dweight of dy": "The gradient of the weight must count each dy with its normalised input.",
}

# Where the same name is another slip.
SPECIAL: dict[tuple[str, str], str] = {
    ("cross_entropy", "turned sign"): "The loss is negative: the minus of −log p is missing.",
    ("cross_entropy", "base 2"): "The logarithm has base 2; this asks for the natural one.",
    ("softmax", "base 2"): "These are powers of 2; softmax takes powers of e.",
    ("cross_entropy", "example 0 only"): "Only the first example counts in the loss.",
}

# Slips that a check sees by itself: what was written into, what differs from call to call.
CHANGED = "{culprit} changes {name}, which belongs to whoever called it."
ADDED_UP = (
    "Called a second time, backward gives other gradients: something is left from the first call."
)
WIDENED = "{noun} right, but for arrays of float32 {name} is {dtype}."


def sentence(name: str, mutant: Mutant) -> str:
    """What to tell a student whose function does as a mutant does.

    Parameters
    ----------
    name : str
        The function.
    mutant : Mutant

    Returns
    -------
    str
        A sentence; the mutant's own slip if there is none yet.

    Examples
    --------
    >>> from cnnlab.scratch import mutants
    >>> sentence("softmax", next(m for m in mutants.of("softmax") if m.name == "turned"))
    'Small logits get the large probabilities: look at a sign.'
    """
    own = SPECIAL.get((name, mutant.name), SENTENCES.get(mutant.name, ""))
    return own or f"It looks like this slip: {mutant.slip}."
