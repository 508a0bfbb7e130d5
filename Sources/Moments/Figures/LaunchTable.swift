// How long each launch of a run took and how many bytes it moved, as rows for a table.

import Machine

/// The launches of one run: duration and HBM traffic of each.
package struct LaunchTable: Sendable, Equatable {
  /// One launch.
  package struct Row: Sendable, Equatable {
    package var name: String
    /// Thread blocks of the launch.
    package var blocks: Int
    package var seconds: Double
    package var hbmBytes: Int
  }

  /// The run's name.
  package var run: String
  /// The run's name and the device's: `flash-attention on a100-40gb`.
  package var title: String
  package var rows: [Row]

  package init(_ name: String, _ totals: Totals, on device: Device) {
    run = name
    title = "\(name) on \(device.name)"
    rows = totals.launches.map {
      Row(
        name: $0.name, blocks: $0.blocks, seconds: device.seconds($0.cycles), hbmBytes: $0.hbmBytes)
    }
  }

  /// Rows that the table takes on the screen: its title and one row per launch.
  package var height: Int { rows.count + 1 }
  /// Seconds of all launches together, without launch overhead.
  package var seconds: Double { rows.reduce(0) { $0 + $1.seconds } }
  /// Bytes that all launches together moved between HBM and the SMs.
  package var hbmBytes: Int { rows.reduce(0) { $0 + $1.hbmBytes } }
}
