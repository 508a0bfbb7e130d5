// The presenter's end: connects to a player of the lesson, follows it, and connects again when that
// one has ended.

import Foundation
import Player

/// Receives the status of a lesson from its player.
struct Following: ~Copyable {
  private let path: String?
  private var connection: LocalSocket?
  private var bytes: [UInt8] = []
  private var heard = ContinuousClock.now
  private var latest: LessonStatus?
  /// True once a player that was followed has ended.
  private(set) var hasEnded = false

  /// Bytes from which on a line cannot be a status.
  private static let lineLimit = 1_000_000

  init(at path: String?) { self.path = path }

  /// File descriptor that becomes readable when a status arrives; nil without a connection.
  var descriptor: Int32? { connection?.descriptor }

  /// The last status, with the elapsed time of now; nil while nobody plays the lesson.
  var status: LessonStatus? {
    guard var status = latest else { return nil }
    status.elapsed += (ContinuousClock.now - heard) / .seconds(1)
    return status
  }

  /// Connects if there is a player, and receives what has arrived. Never waits.
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

  /// Decodes the complete lines; the last one counts.
  private mutating func takeLines() {
    while let end = bytes.firstIndex(of: 0x0A) {
      let line = Data(bytes[..<end])
      bytes.removeFirst(end + 1)
      guard let status = try? JSONDecoder().decode(LessonStatus.self, from: line) else { continue }
      (latest, heard) = (status, .now)
    }
  }
}
