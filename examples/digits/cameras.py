"""The data of the example: handwritten digits seen by three cameras, each with noise of its own.

scikit-learn's bundled digits (1,797 pictures of 8 x 8 pixels, ten classes) are cut into three overlapping bands of
four rows. A camera sees one band. Its noise level differs from frame to frame, so on any one frame some cameras are
worth hearing and some are not.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits

CAMERAS = {"top": slice(0, 4), "middle": slice(2, 6), "bottom": slice(4, 8)}
PIXELS = 4 * 8
SEED = 2606

# Standard deviation of the noise, where ink is 1 and paper is 0: from invisible to hopeless.
NOISE = (0.05, 1.5)
# Pixels under the camera's edge that never see light: what they show is noise, so they measure it.
DARK_PIXELS = 16
# Share of frames that a camera misses.
DROPPED = 0.02


@dataclass
class Camera:
    evidence: np.ndarray  # [N, 4, 8] noisy pixels, 0 where the frame was missed
    reliability: np.ndarray  # [N] signal / (signal + measured noise), in (0, 1]; 0 where the frame was missed
    presence: np.ndarray  # [N] 1 where there is a frame


@dataclass
class Frames:
    ids: np.ndarray  # [N] text
    labels: np.ndarray  # [N] 0..9
    cameras: dict[str, Camera]

    def rows(self, rows: np.ndarray) -> "Frames":
        cameras = {
            name: Camera(seen.evidence[rows], seen.reliability[rows], seen.presence[rows])
            for name, seen in self.cameras.items()
        }
        return Frames(self.ids[rows], self.labels[rows], cameras)


def film() -> tuple[Frames, Frames]:
    """Every digit once, as (training half, evaluation half). The same on every call."""
    rng = np.random.default_rng(SEED)
    digits = load_digits()
    pictures = digits.images / 16
    order = rng.permutation(len(pictures))
    presence = draw_presence(rng, len(pictures))
    cameras = {
        name: look(rng, pictures[:, band], presence[:, m]) for m, (name, band) in enumerate(CAMERAS.items())
    }
    ids = np.array([f"digit-{i:04d}" for i in range(len(pictures))])
    frames = Frames(ids, digits.target.astype(np.int64), cameras)
    half = len(order) // 2
    return frames.rows(order[:half]), frames.rows(order[half:])


def draw_presence(rng: np.random.Generator, rows: int) -> np.ndarray:
    """[N, 3], 1 where the camera has the frame. A frame that all would miss stays with the middle camera."""
    presence = (rng.random((rows, len(CAMERAS))) >= DROPPED).astype(np.uint8)
    presence[~presence.any(axis=1), 1] = 1
    return presence


def look(rng: np.random.Generator, band: np.ndarray, presence: np.ndarray) -> Camera:
    """What a camera makes of its band [N, 4, 8], and how far it says it can be trusted."""
    rows = len(band)
    noise = np.exp(rng.uniform(*np.log(NOISE), rows))
    seen = band + noise[:, None, None] * rng.standard_normal(band.shape)
    dark = noise[:, None] * rng.standard_normal((rows, DARK_PIXELS))
    reliability = band.var() / (band.var() + np.mean(dark**2, axis=1))
    here = presence.astype(bool)
    return Camera(
        np.where(here[:, None, None], seen, 0).astype(np.float32),
        np.where(here, reliability, 0).astype(np.float32),
        presence,
    )
