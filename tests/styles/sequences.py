"""Windows over texts, maximum over time, causal filters, recurrent states and their gradient."""

import math

import numpy as np
import scipy.signal
import torch

from tests.styles.base import Row, by_name

slide = np.lib.stride_tricks.sliding_window_view


def windows_weighed(x, weight):
    return np.einsum("clj,kcj->kl", slide(x, weight.shape[2], 1), weight)


def window_by_window(x, weight):
    k = weight.shape[2]
    places = range(x.shape[1] - k + 1)
    return np.array([[(x[:, i : i + k] * f).sum() for i in places] for f in weight])


def filled_in(x, weight):
    filters, _, k = weight.shape
    y = np.zeros((filters, x.shape[1] - k + 1))
    for f, i in np.ndindex(y.shape):
        y[f, i] = np.sum(weight[f] * x[:, i : i + k])
    return y


def four_loops(x, weight):
    filters, numbers, k = weight.shape
    y = np.zeros((filters, x.shape[1] - k + 1))
    for f, i in np.ndindex(y.shape):
        for c, j in np.ndindex(numbers, k):
            y[f, i] += weight[f, c, j] * x[c, i + j]
    return y


def word_by_word(x, weight):
    k = weight.shape[2]
    length = x.shape[1] - k + 1
    return sum(weight[:, :, j] @ x[:, j : j + length] for j in range(k))


def numpy_correlate(x, weight):
    return [
        sum(np.correlate(row, w, "valid") for row, w in zip(x, kernel, strict=True))
        for kernel in weight
    ]


def scipy_correlate(x, weight):
    return np.concatenate([scipy.signal.correlate2d(x, kernel, "valid") for kernel in weight])


def columns_of_windows(x, weight):
    k = weight.shape[2]
    columns = [x[:, i : i + k].ravel() for i in range(x.shape[1] - k + 1)]
    return weight.reshape(len(weight), -1) @ np.stack(columns, axis=1)


def torch_conv1d(x, weight):
    return torch.nn.functional.conv1d(torch.as_tensor(x)[None], torch.as_tensor(weight))[0]


def masked_by_minus_infinity(y, mask):
    return np.where(mask[:, None, :], y, -np.inf).max(axis=2)


def text_by_text(y, mask):
    return np.stack([text[:, inside].max(axis=1) for text, inside in zip(y, mask, strict=True)])


def two_loops(y, mask):
    most = np.empty(y.shape[:2])
    for n, k in np.ndindex(most.shape):
        most[n, k] = max(y[n, k, mask[n]])
    return most


def written_into_a_copy(y, mask):
    y = y.copy()
    y[np.broadcast_to(~mask[:, None], y.shape)] = -1e9
    return np.max(y, axis=-1)


def with_where(y, mask):
    return y.max(axis=2, where=mask[:, None], initial=-np.inf)


def by_lengths(y, mask):
    return [text[:, :length].max(1) for text, length in zip(y, mask.sum(1), strict=True)]


def masked_array(y, mask):
    hidden = np.ma.masked_array(y, ~np.broadcast_to(mask[:, None], y.shape))
    return hidden.max(axis=2).filled(np.nan)


def last_of_sorted(y, mask):
    return np.sort(np.where(mask[:, None], y, -np.inf), axis=2)[..., -1]


def torch_masked(y, mask):
    y, mask = torch.as_tensor(y), torch.as_tensor(mask)
    return y.masked_fill(~mask[:, None], -torch.inf).amax(2)


def one_window_after_the_other(y, mask):
    most = np.full(y.shape[:2], -np.inf)
    for i in range(y.shape[2]):
        most = np.where(mask[:, i, None], np.maximum(most, y[:, :, i]), most)
    return most


def zeros_in_front(x, kernel):
    return np.correlate(np.pad(x, (len(kernel) - 1, 0)), kernel, "valid")


def turned_and_cut(x, kernel):
    return np.convolve(x, kernel[::-1])[: len(x)]


def windows_and_product(x, kernel):
    padded = np.concatenate([np.zeros(len(kernel) - 1), x])
    return slide(padded, len(kernel)) @ kernel


def moment_by_moment(x, kernel):
    k = len(kernel)
    padded = [0.0] * (k - 1) + list(x)
    return [sum(padded[t + j] * kernel[j] for j in range(k)) for t in range(len(x))]


def only_where_it_is(x, kernel):
    y = np.zeros(len(x))
    for t in range(len(x)):
        for j, weight in enumerate(kernel):
            if (source := t - len(kernel) + 1 + j) >= 0:
                y[t] += weight * x[source]
    return y


def shifted_copies(x, kernel):
    y = np.zeros(len(x))
    for back, weight in enumerate(reversed(kernel)):
        y[back:] += weight * x[: len(x) - back]
    return y


def scipy_lfilter(x, kernel):
    return scipy.signal.lfilter(kernel[::-1], 1, x)


def a_matrix(x, kernel):
    rows, columns = np.indices((len(x), len(x)))
    place = columns - rows + len(kernel) - 1
    inside = (place >= 0) & (place < len(kernel))
    return np.where(inside, kernel[place.clip(0, len(kernel) - 1)], 0) @ x


def torch_padded(x, kernel):
    padded = torch.nn.functional.pad(torch.as_tensor(x), (len(kernel) - 1, 0))
    return torch.nn.functional.conv1d(padded[None, None], torch.as_tensor(kernel)[None, None])[0, 0]


def a_list_of_states(x, w_xh, w_hh):
    h, states = np.zeros(len(w_hh)), []
    for value in x:
        h = np.tanh(w_hh @ h + w_xh @ value)
        states.append(h)
    return np.array(states)


def rows_filled(x, w_xh, w_hh):
    states = np.zeros((len(x), len(w_hh)))
    for t in range(len(x)):
        before = states[t - 1] if t else np.zeros(len(w_hh))
        states[t] = np.tanh(w_xh @ x[t] + w_hh @ before)
    return states


def one_row_more(x, w_xh, w_hh):
    states = np.zeros((len(x) + 1, len(w_hh)))
    for t, value in enumerate(x):
        states[t + 1] = np.tanh(value @ w_xh.T + states[t] @ w_hh.T)
    return states[1:]


def all_inputs_first(x, w_xh, w_hh):
    states = x @ w_xh.T
    states[0] = np.tanh(states[0])
    for t in range(1, len(x)):
        states[t] = np.tanh(states[t] + w_hh @ states[t - 1])
    return states


def one_matrix(x, w_xh, w_hh):
    both, h, states = np.hstack([w_xh, w_hh]), np.zeros(len(w_hh)), []
    for value in x:
        h = np.tanh(both @ np.concatenate([value, h]))
        states += [h]
    return np.stack(states)


def unit_by_unit(x, w_xh, w_hh):
    h, states = [0.0] * len(w_hh), []
    for value in x.tolist():
        h = [
            math.tanh(
                sum(w * v for w, v in zip(drive, value, strict=True))
                + sum(w * s for w, s in zip(carry, h, strict=True))
            )
            for drive, carry in zip(w_xh.tolist(), w_hh.tolist(), strict=True)
        ]
        states.append(h)
    return states


def the_last_state_again(x, w_xh, w_hh):
    if not len(x):
        return np.zeros((0, len(w_hh)))
    before = the_last_state_again(x[:-1], w_xh, w_hh)
    h = before[-1] if len(before) else np.zeros(len(w_hh))
    return np.vstack([before, np.tanh(w_xh @ x[-1] + w_hh @ h)])


def tanh_by_exponentials(x, w_xh, w_hh):
    h, states = np.zeros((len(w_hh), 1)), []
    for value in x:
        e = np.exp(2 * (w_xh @ value[:, None] + w_hh @ h))
        h = (e - 1) / (e + 1)
        states.append(h[:, 0])
    return np.asarray(states)


def torch_rnn(x, w_xh, w_hh):
    x, w_xh, w_hh = map(torch.as_tensor, (x, w_xh, w_hh))
    rnn = torch.nn.RNN(x.shape[1], len(w_hh), bias=False, dtype=x.dtype)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(w_xh)
        rnn.weight_hh_l0.copy_(w_hh)
        return rnn(x)[0]


def last_step_first(dh, states, w_hh):
    gradient = np.zeros_like(w_hh)
    for t in reversed(range(len(states))):
        dz = dh * (1 - states[t] ** 2)
        if t > 0:
            gradient += np.outer(dz, states[t - 1])
        dh = w_hh.T @ dz
    return gradient


def with_the_start(dh, states, w_hh):
    states = np.vstack([np.zeros(len(w_hh)), states])
    gradient = np.zeros(w_hh.shape)
    for t in range(len(states) - 1, 0, -1):
        dz = (1 - states[t] * states[t]) * dh
        gradient = gradient + dz[:, None] * states[t - 1][None]
        dh = dz @ w_hh
    return gradient


def shares_added(dh, states, w_hh):
    shares = []
    for h, before in zip(states[:0:-1], states[-2::-1], strict=True):
        dz = dh * (1 - h) * (1 + h)
        shares.append(np.outer(dz, before))
        dh = w_hh.T.dot(dz)
    return sum(shares, np.zeros_like(w_hh))


def all_signals_then_a_product(dh, states, w_hh):
    signals = np.zeros_like(states)
    for t in range(len(states) - 1, -1, -1):
        signals[t] = dh * (1 - states[t] ** 2)
        dh = signals[t] @ w_hh
    return signals[1:].T @ states[:-1]


def recursive(dh, states, w_hh):
    if len(states) < 2:
        return np.zeros_like(w_hh)
    dz = dh * (1 - states[-1] ** 2)
    return np.outer(dz, states[-2]) + recursive(w_hh.T @ dz, states[:-1], w_hh)


def jacobians(dh, states, w_hh):
    gradient, row = np.zeros_like(w_hh), dh[None]
    for t in range(len(states) - 1, 0, -1):
        row = row @ np.diag(1 - states[t] ** 2)
        gradient += row.T @ states[t - 1][None]
        row = row @ w_hh
    return gradient


def number_by_number(dh, states, w_hh):
    units = range(len(w_hh))
    gradient = [[0.0 for _ in units] for _ in units]
    for t in range(len(states) - 1, 0, -1):
        dz = [float(dh[i]) * (1 - float(states[t][i]) ** 2) for i in units]
        for i in units:
            for j in units:
                gradient[i][j] += dz[i] * float(states[t - 1][j])
        dh = [sum(w_hh[i][j] * dz[i] for i in units) for j in units]
    return gradient


def einsums(dh, states, w_hh):
    before = np.roll(states, 1, axis=0)
    before[0] = 0
    gradient = np.zeros_like(w_hh)
    for h, earlier in zip(states[::-1], before[::-1], strict=True):
        dz = np.einsum("i,i->i", dh, 1 - h**2)
        gradient += np.einsum("i,j->ij", dz, earlier)
        dh = np.einsum("ij,i->j", w_hh, dz)
    return gradient


def factor(gradient, limit):
    return gradient * min(1, limit / np.sqrt((gradient**2).sum()))


def if_longer(gradient, limit):
    length = np.linalg.norm(gradient)
    if length > limit:
        return gradient / length * limit
    return gradient


def flat_norm(gradient, limit):
    length = np.linalg.norm(gradient.ravel(), 2)
    return gradient if length <= limit else limit * gradient / length


def divided(gradient, limit):
    return gradient / max(1.0, np.sqrt(np.sum(np.square(gradient))) / limit)


def python_length(gradient, limit):
    length = math.sqrt(sum(float(g) ** 2 for g in gradient.ravel()))
    return np.array(
        [g * limit / length if length > limit else g for g in gradient.ravel()]
    ).reshape(gradient.shape)


def hypot(gradient, limit):
    length = math.hypot(*gradient.ravel())
    return gradient * np.minimum(limit / length, 1)


def dot_product(gradient, limit):
    flat = gradient.reshape(-1)
    squared = flat @ flat
    return np.where(squared > limit**2, gradient * limit / squared**0.5, gradient)


def written_into_a_copy_of_it(gradient, limit):
    gradient, length = gradient.copy(), np.linalg.norm(gradient)
    if length > limit:
        gradient *= limit / length
    return gradient


def clip_grad_norm(gradient, limit):
    parameter = torch.nn.Parameter(torch.zeros(gradient.shape, dtype=torch.float64))
    parameter.grad = torch.as_tensor(gradient).clone()
    torch.nn.utils.clip_grad_norm_([parameter], limit)
    return parameter.grad


SEQUENCES = {
    "text_conv": Row(
        by_name(
            windows_weighed,
            window_by_window,
            filled_in,
            four_loops,
            word_by_word,
            numpy_correlate,
            scipy_correlate,
            columns_of_windows,
            torch_conv1d,
        )
    ),
    "max_over_time": Row(
        by_name(
            masked_by_minus_infinity,
            text_by_text,
            two_loops,
            written_into_a_copy,
            with_where,
            by_lengths,
            masked_array,
            last_of_sorted,
            torch_masked,
            one_window_after_the_other,
        )
    ),
    "causal_filter": Row(
        by_name(
            zeros_in_front,
            turned_and_cut,
            windows_and_product,
            moment_by_moment,
            only_where_it_is,
            shifted_copies,
            scipy_lfilter,
            a_matrix,
            torch_padded,
        )
    ),
    "recurrent_states": Row(
        by_name(
            a_list_of_states,
            rows_filled,
            one_row_more,
            all_inputs_first,
            one_matrix,
            unit_by_unit,
            the_last_state_again,
            tanh_by_exponentials,
            torch_rnn,
        )
    ),
    "recurrent_gradient": Row(
        by_name(
            last_step_first,
            with_the_start,
            shares_added,
            all_signals_then_a_product,
            recursive,
            jacobians,
            number_by_number,
            einsums,
        )
    ),
    "clip_gradient": Row(
        by_name(
            factor,
            if_longer,
            flat_norm,
            divided,
            python_length,
            hypot,
            dot_product,
            written_into_a_copy_of_it,
            clip_grad_norm,
        )
    ),
}
