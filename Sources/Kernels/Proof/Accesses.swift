// Checks the HBM accesses of a recording, element by element: reads before the first write, races
// between blocks of a launch, and outputs that nothing has written.

import Machine
import Notation

/// The check of a recording's HBM accesses.
struct Accesses {
  private let recording: Recording

  init(_ recording: Recording) { self.recording = recording }

  /// The diagnostic for the first error; empty if there is none.
  func diagnostics(_ kernel: Kernel) -> [Diagnostic] {
    let tensors = recording.program.tensors
    var marks = tensors.map { AccessHistory($0) }
    for launch in recording.program.launches.indices {
      for (number, placement) in recording.placement.enumerated() where placement.launch == launch {
        for op in recording.blocks[number].ops {
          guard let region = op.region else { continue }
          let access = Access(block: Int32(number), launch: Int32(launch))
          guard let trouble = marks[region.tensor].note(op.operation, region, access) else {
            continue
          }
          return [fault(trouble, tensors[region.tensor].name, region, op, kernel)]
        }
      }
    }
    for (tensor, marks) in zip(tensors, marks) where tensor.role == .output {
      guard let place = marks.firstUnwritten else { continue }
      return [
        Diagnostic(
          kernel.text.declarationPlace(of: tensor.name),
          "\(tensor.name) is a result, and nothing writes its row \(place.row)\(place.plane > 0 ? " of head \(place.plane)" : "") on a problem with N = \(recording.program.mask?.queries ?? 0), Nk = \(recording.program.mask?.keys ?? 0)"
        )
      ]
    }
    return []
  }

  private func fault(
    _ trouble: AccessHistory.Trouble, _ name: String, _ region: Region, _ op: Op, _ kernel: Kernel
  ) -> Diagnostic {
    let place = kernel.text.place(ofLine: Int(op.line))
    switch trouble {
    case .unwritten:
      return Diagnostic(
        place, "row \(region.rows.lowerBound) of \(name) is read before anything has written it")
    case .race:
      return Diagnostic(
        place,
        "two blocks of this launch are at the same part of \(name) at once, and one of them stores it (a race)"
      )
    }
  }
}

/// The block, and its launch, that last read or wrote an element; -1 for an input's initial value.
private struct Access: Equatable {
  var block: Int32
  var launch: Int32
}

/// The last writer and the last reader of every element of one tensor.
private struct AccessHistory {
  enum Trouble { case unwritten, race }

  private let tensor: Tensor
  private var writers: [Access?]
  private var readers: [Access?]
  private var isAdded = false

  init(_ tensor: Tensor) {
    self.tensor = tensor
    let count = tensor.planes * tensor.rows * tensor.columns
    let isFilled = tensor.role == .input
    writers = Array(repeating: isFilled ? Access(block: -1, launch: -1) : nil, count: count)
    readers = Array(repeating: nil, count: count)
  }

  mutating func note(_ operation: Operation, _ region: Region, _ access: Access) -> Trouble? {
    if case .add = operation { isAdded = true }
    guard region.rowsPerNumber == nil else { return noteRows(operation, region, access) }
    for row in region.rows {
      for column in region.columns {
        let index = (region.plane * tensor.rows + row) * tensor.columns + column
        if let trouble = note(operation, at: index, access) { return trouble }
      }
    }
    return nil
  }

  /// A gather may read any row, so all must have been written; a scatter writes rows that nobody knows before,
  /// so none is checked afterwards.
  private mutating func noteRows(
    _ operation: Operation, _ region: Region, _ access: Access
  ) -> Trouble? {
    let plane = region.plane * tensor.rows * tensor.columns
    for index in plane..<plane + tensor.rows * tensor.columns {
      if case .load = operation {
        if writers[index] == nil, !isAdded { return .unwritten }
      } else {
        writers[index] = access
      }
    }
    return nil
  }

  private mutating func note(
    _ operation: Operation, at index: Int, _ access: Access
  ) -> Trouble? {
    // Blocks of one launch run concurrently, so an access by another block of it is a race.
    func isBeside(_ other: Access?) -> Bool {
      other.map { $0.launch == access.launch && $0.block != access.block } ?? false
    }
    switch operation {
    case .load:
      // A tensor that blocks add to starts as 0.
      guard let writer = writers[index] else { return isAdded ? nil : .unwritten }
      if isBeside(writer) { return .race }
      readers[index] = access
    case .store:
      if isBeside(writers[index]) || isBeside(readers[index]) { return .race }
      writers[index] = access
    case .add:
      if isBeside(readers[index]) { return .race }
      writers[index] = access
    default: break
    }
    return nil
  }

  /// The first row with an element that nothing has written; nil if there is none.
  var firstUnwritten: (plane: Int, row: Int)? {
    guard !isAdded, tensor.columns > 0, tensor.rows > 0,
      let index = writers.firstIndex(where: { $0 == nil })
    else { return nil }
    let row = index / tensor.columns
    return (row / tensor.rows, row % tensor.rows)
  }
}
