// Published training times and throughputs: the rows of `Published/training.csv`.

/// A published figure of training.
package struct PublishedTraining: Sendable, Equatable {
  /// Table of the paper.
  package var table: String
  /// Model, and context where the table varies it.
  package var workload: String
  package var method: String
  package var hardware: String
  package var value: Double
  package var unit: String

  /// All rows, in the order of the file; of `20.0+-1.5` the mean.
  package static var rows: [PublishedTraining] {
    shippedRows(of: "training.csv").compactMap { cells in
      guard cells.count >= 6 else { return nil }
      let number = cells[4].replacing("+-", with: " ").split(separator: " ").first ?? ""
      guard let value = Double(number) else { return nil }
      return PublishedTraining(
        table: cells[0], workload: cells[1], method: cells[2], hardware: cells[3], value: value,
        unit: cells[5])
    }
  }
}
