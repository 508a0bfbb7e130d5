// The player's end of the presenter's view: it tells every follower where the lesson is, and drops
// whoever does not listen. The player never waits for a follower.

import Foundation
import Player

/// Tells followers of a lesson where it is.
struct Broadcast: ~Copyable {
  private let path: String
  private var listener: LocalSocket?
  private var followers: [LocalSocket] = []
  private let start = ContinuousClock.now
  private var last: LessonStatus

  /// Without a private folder, or beside another player of the same lesson, it tells nobody.
  init(_ status: LessonStatus, at path: String?) {
    last = status
    self.path = path ?? ""
    listener = path.flatMap { LocalSocket.listening(at: $0) }
  }

  deinit { if listener != nil { unlink(path) } }

  /// Becomes readable when somebody wants to follow.
  var descriptor: Int32? { listener?.descriptor }

  /// Welcomes whoever has come.
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

  /// Tells everybody, if something has changed.
  mutating func tell(_ status: LessonStatus) {
    guard status != last else { return }
    last = status
    guard !followers.isEmpty else { return }
    let line = line
    followers.removeAll { !$0.send(line) }
  }

  private var line: [UInt8] {
    var status = last
    status.elapsed = (ContinuousClock.now - start) / .seconds(1)
    let bytes = (try? JSONEncoder().encode(status)) ?? Data()
    return Array(bytes) + [0x0A]
  }
}
