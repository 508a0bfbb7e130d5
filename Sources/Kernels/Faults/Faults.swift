// Kernels that are wrong on purpose, for a lesson in which a class finds out why. They are no part
// of the catalogue: no command runs them, and only a lesson can name them.

/// The faulty kernels, by name.
public enum Faults {
  /// Each is FlashAttention-2 but for one step.
  public static let kernels: [any Kernel] = [
    AlphaForgotten(), OutputNotRescaled(), MaximumFromZero(), UnguardedRow(),
  ]

  public static func kernel(named name: String) -> (any Kernel)? {
    kernels.first { $0.name == name }
  }
}
