// What each launch computed and moved: a launch's own place under a roof.

/// FLOPs and bytes of one launch.
public struct LaunchWork: Sendable, Equatable {
  public var matmulFlops = 0
  /// Bytes that crossed the HBM bus: what L2 served is left out.
  public var hbmBytes = 0

  public init(matmulFlops: Int = 0, hbmBytes: Int = 0) {
    self.matmulFlops = matmulFlops
    self.hbmBytes = hbmBytes
  }

  init(_ launch: LaunchTotals) {
    self.init(matmulFlops: launch.matmulFlops, hbmBytes: launch.busBytes)
  }
}
