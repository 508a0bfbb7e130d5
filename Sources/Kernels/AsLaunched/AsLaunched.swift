// Which shipped kernels have a released implementation. Each has a file of its own with its tiles,
// costs and sources (Dao-AILab/flash-attention; PyTorch as measured in arXiv 2205.14135).

/// Released implementations, by the name of the kernel.
enum AsLaunched {
  static let kernels: [String: any Released] = [
    "standard-attention": StandardAttentionLaunch(), "eager-attention": FrameworkLaunches(),
    "flash-attention": FlashAttentionLaunch(), "flash-attention-2": FlashAttention2Launch(),
    "flash-decoding": FlashDecodingLaunch(),
    "flash-attention-3": FlashAttention3Launch(),
    "flash-attention-4": FlashAttention4Launch(),
  ]
}
