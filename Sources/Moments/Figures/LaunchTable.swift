// What every launch of a run took and moved.

import Machine

/// What every launch of a run took.
package struct LaunchTable: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package var name: String
    package var blocks: Int
    package var seconds: Double
    package var hbmBytes: Int
  }

  package var title: String
  package var rows: [Row]

  package init(_ name: String, _ totals: Totals, on device: Device) {
    title = "\(name) on \(device.name)"
    rows = totals.launches.map {
      Row(
        name: $0.name, blocks: $0.blocks, seconds: device.seconds($0.cycles), hbmBytes: $0.hbmBytes)
    }
  }

  /// The lines that it takes.
  package var height: Int { rows.count + 1 }
  package var seconds: Double { rows.reduce(0) { $0 + $1.seconds } }
  package var hbmBytes: Int { rows.reduce(0) { $0 + $1.hbmBytes } }
}
