// The figures of a run, summed up while it is scheduled: they need no recording and no values.

/// Bytes between one tensor and the chip.
public struct Transfers: Sendable, Equatable {
  public var readBytes = 0
  public var writeBytes = 0

  public init(readBytes: Int = 0, writeBytes: Int = 0) {
    self.readBytes = readBytes
    self.writeBytes = writeBytes
  }

  public var bytes: Int { readBytes + writeBytes }

  public static func + (a: Transfers, b: Transfers) -> Transfers {
    Transfers(readBytes: a.readBytes + b.readBytes, writeBytes: a.writeBytes + b.writeBytes)
  }
}

/// One launch's share.
public struct LaunchTotals: Sendable, Equatable {
  public var name: String
  public var blocks: Int
  public var start = 0
  public var finish = 0
  public var hbmBytes = 0

  /// From the first block's start to the last one's end, launch overhead left out.
  public var cycles: Int { finish - start }
}

/// Everything a report adds up.
public struct Totals: Sendable, Equatable {
  public var cycles = 0
  /// One entry per tensor of the program.
  public var tensors: [Transfers] = []
  public var matmulFlops = 0
  /// Those of them that repeat a product of the forward pass.
  public var recomputedFlops = 0
  public var elementwiseOps = 0
  public var exponentials = 0
  public var busyCycles: [Unit: Int] = [:]
  public var launches: [LaunchTotals] = []
  /// Largest SRAM owned by the blocks of one SM, bytes.
  public var sramPeakBytes = 0
  /// Bytes of transfers that L2 served.
  public var l2HitBytes = 0
  public var ops = 0

  public var hbm: Transfers { tensors.reduce(Transfers(), +) }

  mutating func add(_ work: Work) {
    ops += 1
    matmulFlops += work.matmul
    recomputedFlops += work.recomputed
    elementwiseOps += work.elementwise
    exponentials += work.exponential
  }

  mutating func addTransfer(_ operation: Operation, bytes: Int, inL2: Bool) {
    launches[launches.count - 1].hbmBytes += bytes
    if inL2 { l2HitBytes += bytes }
    switch operation {
    case .load(let region, _): tensors[region.tensor].readBytes += bytes
    case .store(let region): tensors[region.tensor].writeBytes += bytes
    case .add(let region):
      tensors[region.tensor].readBytes += bytes / 2
      tensors[region.tensor].writeBytes += bytes / 2
    default: break
    }
  }
}
