// The player's end of the presenter's view: sends every follower the place in the lesson. A
// follower that does not keep up is dropped, so the player never waits.

import Foundation
import Player

/// Sends the status of a lesson to its followers.
struct Broadcast: ~Copyable {
  private let path: String
  private var listener: LocalSocket?
  private var followers: [LocalSocket] = []
  private let start = ContinuousClock.now
  private var last: LessonStatus

  /// Opens the socket at `path`. Without a path, or if another player of the lesson has the socket,
  /// nothing is sent.
  init(_ status: LessonStatus, at path: String?) {
    last = status
    self.path = path ?? ""
    listener = path.flatMap { LocalSocket.listening(at: $0) }
  }

  deinit { if listener != nil { unlink(path) } }

  /// File descriptor that becomes readable when a follower connects; nil without a socket.
  var descriptor: Int32? { listener?.descriptor }

  /// Accepts the followers that have connected, and sends them the last status.
  mutating func welcome() {
    while let listener {
      switch listener.accepted() {
      case .follower(let follower): if follower.send(line) { followers.append(follower) }
      case .nobody: return
      case .broken:
        unlink(path)
        self.listener = nil
      }
    }
  }

  /// Sends the status to all followers if it has changed.
  mutating func tell(_ status: LessonStatus) {
    guard status != last else { return }
    last = status
    guard !followers.isEmpty else { return }
    let line = line
    followers.removeAll { !$0.send(line) }
  }

  /// The last status as a line of JSON, with the seconds since the start.
  private var line: [UInt8] {
    var status = last
    status.elapsed = (ContinuousClock.now - start) / .seconds(1)
    let bytes = (try? JSONEncoder().encode(status)) ?? Data()
    return Array(bytes) + [0x0A]
  }
}
