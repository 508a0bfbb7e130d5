// Who wrote and who read which element of HBM, launch by launch: what was read before anybody wrote it,
// what two blocks were at together, and what of a result nobody has written.

import Machine
import Notation

/// The accesses of a recording, checked.
struct Accesses {
  private let recording: Recording

  init(_ recording: Recording) { self.recording = recording }

  /// The first thing that is wrong; empty if nothing is.
  func faults(_ kernel: Kernel) -> [Diagnostic] {
    let tensors = recording.program.tensors
    var marks = tensors.map { Marks($0) }
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
    _ trouble: Marks.Trouble, _ name: String, _ region: Region, _ op: Op, _ kernel: Kernel
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

/// Who was at an element last.
private struct Access: Equatable {
  var block: Int32
  var launch: Int32
}

/// The elements of one tensor.
private struct Marks {
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
    for row in region.rows {
      for column in region.columns {
        let index = (region.plane * tensor.rows + row) * tensor.columns + column
        if let trouble = note(operation, at: index, access) { return trouble }
      }
    }
    return nil
  }

  private mutating func note(
    _ operation: Operation, at index: Int, _ access: Access
  ) -> Trouble? {
    func isBeside(_ other: Access?) -> Bool {
      other.map { $0.launch == access.launch && $0.block != access.block } ?? false
    }
    switch operation {
    case .load:
      // What is added to starts as 0.
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

  var firstUnwritten: (plane: Int, row: Int)? {
    guard !isAdded, tensor.columns > 0, tensor.rows > 0,
      let index = writers.firstIndex(where: { $0 == nil })
    else { return nil }
    let row = index / tensor.columns
    return (row / tensor.rows, row % tensor.rows)
  }
}
