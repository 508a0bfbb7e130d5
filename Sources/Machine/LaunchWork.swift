// What each launch computed and moved, added up from a recording: a launch's own place under a roof.

/// FLOPs and bytes of one launch.
public struct LaunchWork: Sendable, Equatable {
  public var matmulFlops = 0
  /// Bytes that crossed the HBM bus: what L2 served is left out.
  public var hbmBytes = 0

  public init(matmulFlops: Int = 0, hbmBytes: Int = 0) {
    self.matmulFlops = matmulFlops
    self.hbmBytes = hbmBytes
  }

  static func sums(
    _ spans: [Span], blocks: [Block], stays: [Stay], launches: Int
  ) -> [LaunchWork] {
    var sums = Array(repeating: LaunchWork(), count: launches)
    for span in spans where span.block >= 0 {
      let launch = stays[Int(span.block)].launch
      let work = blocks[Int(span.block)].ops[Int(span.op)].work
      sums[launch].matmulFlops += work.matmul
      if !span.inL2 { sums[launch].hbmBytes += work.hbmBytes }
    }
    return sums
  }
}
