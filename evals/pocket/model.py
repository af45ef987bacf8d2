"""The pocket reader in torch: what is trained, and what the NumPy network in litany.pocket is held to.

A decoder of the usual parts: RMSNorm (arXiv 1910.07467), rotary positions (2104.09864), SwiGLU (2002.05202), queries
and keys normed (2302.05442), tied embeddings. Two more: a causal depthwise convolution of four tokens before queries,
keys and values, which stands in for the slow-to-learn head that looks one token back (2403.19887 and others); and
attention logits that grow with the logarithm of what is read (2501.19399), without which a long context drowns a match.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from litany.pocket.shape import Shape

Tables = tuple[Tensor, Tensor, Tensor]
"""What depends on positions alone: cosine and sine of each one's turn, (positions, half a head), and the logarithm of
how much is read there, (positions,)."""


class Layer(nn.Module):
    """One block. `at`: the positions that are wanted from it, None for all; keys and values always come from all."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        d, hidden = shape.width, shape.hidden
        self.shape = shape
        self.norm1, self.norm2 = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        self.conv = nn.Parameter(torch.zeros(shape.taps, d))
        self.sharp = nn.Parameter(torch.full((shape.heads,), shape.sharp))
        self.q, self.k, self.v, self.o = (nn.Parameter(torch.empty(d, d)) for _ in range(4))
        self.gate, self.up = (nn.Parameter(torch.empty(d, hidden)) for _ in range(2))
        self.down = nn.Parameter(torch.empty(hidden, d))
        for matrix in (self.q, self.k, self.v, self.gate, self.up):
            nn.init.normal_(matrix, std=d**-0.5)
        for matrix in (self.o, self.down):
            nn.init.normal_(matrix, std=0.5 * d**-0.5 / 2)
        with torch.no_grad():
            self.conv[0] = 1.0
            self.conv[1:].normal_(std=0.2)

    def forward(self, x: Tensor, tables: Tables, at: Tensor | None) -> Tensor:
        (batch, _, d), (*turn, logs) = x.shape, tables
        y = convolved(normed(x, self.norm1), self.conv)
        wanted = y if at is None else y.gather(1, at[..., None].expand(-1, -1, d))
        q = self._heads(wanted @ self.q)
        k, v = self._heads(y @ self.k), self._heads(y @ self.v)
        q, k = turned(unit(q), turn, at), turned(unit(k), turn, None)
        sharp = self.sharp[:, None] * (logs[None] if at is None else logs[at][:, None])
        q = q * sharp[..., None].to(q.dtype)
        mixed = attended(q, k, v, at)
        if at is not None:
            x = x.gather(1, at[..., None].expand(-1, -1, d))
        x = x + mixed.transpose(1, 2).reshape(batch, -1, d) @ self.o
        y = normed(x, self.norm2)
        return x + (F.silu(y @ self.gate) * (y @ self.up)) @ self.down

    def _heads(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.shape.heads, -1).transpose(1, 2)


class Pocket(nn.Module):
    """The whole: token ids (batch, length) and wanted positions (batch, some) to logits (batch, some, vocabulary)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * shape.width**-0.5)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))

    def forward(self, ids: Tensor, at: Tensor, tables: Tables | None = None) -> Tensor:
        x = F.embedding(ids, self.embed) * math.sqrt(self.shape.width)
        tables = tables or tables_of(self.shape, ids.shape[1], ids.device)
        for place, layer in enumerate(self.layers):
            x = layer(x, tables, at if place == len(self.layers) - 1 else None)
        return normed(x, self.norm) @ self.embed.T


def attended(q: Tensor, k: Tensor, v: Tensor, at: Tensor | None) -> Tensor:
    """Values mixed by softmax over what stands before.

    Half precision has no quick kernel on a CPU: there it is written out, and compiled. No largest logit is taken off
    first: unit vectors keep each below its sharpness.
    """
    if q.dtype == torch.float32 and at is None:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=1.0)
    place = torch.arange(k.shape[2], device=q.device)
    seen = place <= (place[:, None] if at is None else at[:, None, :, None])
    if q.dtype == torch.float32:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=seen, scale=1.0)
    weights = torch.where(seen, (q @ k.transpose(-1, -2)).float().exp(), 0.0)
    mixed = (weights.to(v.dtype) @ v).float() / weights.sum(-1, keepdim=True)
    return mixed.to(v.dtype)


def normed(x: Tensor, gain: Tensor) -> Tensor:
    """RMSNorm."""
    return F.rms_norm(x, (x.shape[-1],), gain, 1e-6)


def unit(x: Tensor) -> Tensor:
    """Each head's vector at length one."""
    return F.rms_norm(x, (x.shape[-1],), None, 1e-6) * x.shape[-1] ** -0.5


def convolved(x: Tensor, taps: Tensor) -> Tensor:
    """Each channel's weighted sum of this token and the ones just before."""
    out = x * taps[0]
    for back in range(1, len(taps)):
        out = out + F.pad(x, (0, 0, back, 0))[:, : x.shape[1]] * taps[back]
    return out


def tables_of(shape: Shape, length: int, device: torch.device) -> Tables:
    """For the first positions."""
    half, places = shape.width // shape.heads // 2, torch.arange(length, device=device)
    turn = places[:, None] * shape.base ** (-torch.arange(half, device=device) / half)
    return turn.cos(), turn.sin(), torch.log(places + 2.0)


def turned(x: Tensor, turn: Sequence[Tensor], at: Tensor | None) -> Tensor:
    """Rotary positions: the halves of each head's vector turned by where it stands."""
    cos, sin = (part if at is None else part[at][:, None] for part in turn)
    a, b = x.chunk(2, -1)
    return torch.cat(((a * cos - b * sin).to(x.dtype), (a * sin + b * cos).to(x.dtype)), -1)
