// The presenter's end: it looks for a player of the lesson, follows it, and looks again when that has
// ended.

import Foundation
import Player

/// Hears where a lesson is.
struct Following: ~Copyable {
  private let path: String?
  private var connection: LocalSocket?
  private var bytes: [UInt8] = []
  private var heard = ContinuousClock.now
  private var latest: LessonStatus?
  /// Somebody has been followed and has stopped.
  private(set) var hasEnded = false

  /// A line longer than this is no status.
  private static let lineLimit = 1_000_000

  init(at path: String?) { self.path = path }

  /// Becomes readable when there is news.
  var descriptor: Int32? { connection?.descriptor }

  /// Where the lesson is, with the clock as it stands now; nil while nobody plays it.
  var status: LessonStatus? {
    guard var status = latest else { return nil }
    status.elapsed += (ContinuousClock.now - heard) / .seconds(1)
    return status
  }

  /// Looks for a player, or for news of the one it follows. Never waits.
  mutating func listen() {
    if connection == nil, let path, let socket = LocalSocket.connected(to: path) {
      connection = socket
    }
    guard let connection else { return }
    guard let news = connection.received(), bytes.count < Self.lineLimit else {
      hasEnded = hasEnded || latest != nil
      (self.connection, latest, bytes) = (nil, nil, [])
      return
    }
    bytes += news
    takeLines()
  }

  /// The last complete line counts.
  private mutating func takeLines() {
    while let end = bytes.firstIndex(of: 0x0A) {
      let line = Data(bytes[..<end])
      bytes.removeFirst(end + 1)
      guard let status = try? JSONDecoder().decode(LessonStatus.self, from: line) else { continue }
      (latest, heard) = (status, .now)
    }
  }
}
