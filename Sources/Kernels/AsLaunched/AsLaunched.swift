// Which shipped kernels have a released implementation.

/// Released implementations, by the name of the kernel.
enum AsLaunched {
  static let kernels: [String: any Released] = [
    "standard-attention": StandardAttentionLaunch(), "eager-attention": FrameworkLaunches(),
    "flash-attention": FlashAttentionLaunch(), "flash-attention-2": FlashAttention2Launch(),
    "flash-attention-3": FlashAttention3Launch(),
  ]
}
