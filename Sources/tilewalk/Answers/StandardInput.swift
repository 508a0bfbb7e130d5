// Where a lesson's answers come from without a screen: standard input (a person, a pipe or
// nothing), or a file.

import Exports
import Foundation
import Lessons
import Library

/// Answers from standard input, one line each.
struct StandardInput: AnswerSource {
  let allowsRetry: Bool
  private var bytes: [UInt8] = []
  private var isOver = false
  /// Most bytes of a line; input that never ends must not fill the memory.
  private static let limit = 10_000

  init(allowsRetry: Bool) { self.allowsRetry = allowsRetry }

  mutating func answer(to question: Question, invite: () throws -> Bool) throws -> String? {
    // Ask for an answer only if none has been sent ahead.
    if !hasLine, !isOver, isSilent || !fill(), !isOver, try !invite() { return nil }
    while !hasLine, !isOver { _ = fill() }
    return takeLine()
  }

  private var hasLine: Bool { bytes.contains(UInt8(ascii: "\n")) }

  /// True if no input is ready to be read.
  private var isSilent: Bool {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) == 0
  }

  /// Reads once, and waits if nothing is ready.
  /// - Returns: true if a line is complete after that.
  private mutating func fill() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 {
      bytes += buffer.prefix(count)
    } else if count == 0 || errno != EINTR {
      isOver = true
    }
    if bytes.count > Self.limit, !hasLine { isOver = true }
    return hasLine
  }

  /// The first line without its line end, which the last line may lack; nil if there is no input.
  private mutating func takeLine() -> String? {
    guard !bytes.isEmpty else { return nil }
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    bytes.removeFirst(min(bytes.count, line.count + 1))
    let text = String(decoding: line, as: UTF8.self)
    return text.hasSuffix("\r") ? String(text.dropLast()) : text
  }
}

/// Answers from a file: one per question, without a second try.
struct SheetAnswers: AnswerSource {
  let sheet: AnswerSheet
  var allowsRetry: Bool { false }

  mutating func answer(to question: Question, invite: () throws -> Bool) -> String? {
    sheet.answer(to: question.id)
  }
}
