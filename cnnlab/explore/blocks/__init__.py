"""Building blocks of networks: what each costs beside a plain 3×3 convolution."""
