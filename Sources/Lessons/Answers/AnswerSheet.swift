// Reads a student's answers from a JSON file: an object from question id to answer, the same under
// `answers`, or a list in the order of the questions. The file is untrusted.

import Foundation
import Library
import Notation

/// Answers to a lesson's questions, each as the text that could have been typed.
package struct AnswerSheet: Sendable {
  private let path: String
  private let questions: [Question]
  private var typed: [String: String] = [:]

  /// The answer to the question with this id; nil where there is none.
  package func answer(to id: String) -> String? { typed[id] }

  /// - Throws: `malformed` where the file is not JSON, or names a question that the lesson does not
  ///   ask; `missing` or `unreadable`.
  package init(contentsOf path: String, for questions: [Question]) throws(FileError) {
    try self.init(try readText(path, limit: 1_000_000), path: path, for: questions)
  }

  init(_ text: String, path: String, for questions: [Question]) throws(FileError) {
    self.path = path
    self.questions = questions
    let root = try AnswerValue.parse(text, path: path)
    switch root.answers ?? root {
    case .list(let list): try read(list)
    case .object(let object): try read(object)
    case .word(let word): throw diagnostic("found \(quoted(word)), expected an object or a list")
    case let other: throw diagnostic("found \(other.name), expected an object or a list")
    }
  }

  private func diagnostic(_ reason: String) -> FileError { .malformed(path: path, reason: reason) }

  private mutating func read(_ list: [AnswerValue]) throws(FileError) {
    guard list.count <= questions.count else {
      throw diagnostic("found \(list.count) answers, expected at most \(questions.count)")
    }
    for (question, value) in zip(questions, list) {
      typed[question.id] = text(of: value, question)
    }
  }

  private mutating func read(_ object: [String: AnswerValue]) throws(FileError) {
    let ids = questions.map(\.id)
    for (id, value) in object.sorted(by: { $0.key < $1.key }) {
      guard let question = questions.first(where: { $0.id == id }) else {
        let known = ids.isEmpty ? "the lesson asks nothing" : "the ids are \(listed(ids))"
        throw diagnostic("unknown question \(quoted(id))\(suggestion(for: id, in: ids)); \(known)")
      }
      typed[id] = text(of: value, question)
    }
  }

  /// A value as it would be typed; nil for null. A value that makes no sense is kept as text: it is
  /// then a wrong answer, and the other answers still count.
  private func text(of value: AnswerValue, _ question: Question) -> String? {
    guard case .list(let items) = value else {
      return value == .null ? nil : value.name
    }
    let words = items.compactMap { item -> String? in
      if case .word(let word) = item { place(of: word, in: question) } else { nil }
    }
    return words.count == items.count ? words.joined(separator: " ") : value.name
  }

  /// The number with which an order question shows `word`; `word` itself where it does not show it.
  private func place(of word: String, in question: Question) -> String {
    guard case .order(let shown, _) = question.kind, let index = shown.firstIndex(of: word) else {
      return word
    }
    return "\(index + 1)"
  }
}

/// A JSON value of the file.
private enum AnswerValue: Decodable, Equatable {
  case null
  case flag
  /// A string, or a number as text.
  case word(String)
  case list([AnswerValue])
  case object([String: AnswerValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if (try? container.decode(Bool.self)) != nil {
      self = .flag
    } else if let text = try? container.decode(String.self) {
      self = .word(text)
    } else if let number = try? container.decode(Int.self) {
      self = .word("\(number)")
    } else if let list = try? container.decode([AnswerValue].self) {
      self = .list(list)
    } else if let object = try? container.decode([String: AnswerValue].self) {
      self = .object(object)
    } else {
      let number = try? container.decode(Double.self)
      self = .word(number.map { "\($0)" } ?? "a number beyond all measure")
    }
  }

  static func parse(_ text: String, path: String) throws(FileError) -> AnswerValue {
    do {
      return try JSONDecoder().decode(AnswerValue.self, from: Data(text.utf8))
    } catch {
      var reason = "not valid JSON"
      if case .dataCorrupted(let context)? = error as? DecodingError {
        let cause = context.underlyingError.map { ($0 as NSError).userInfo["NSDebugDescription"] }
        reason += ": " + visible(cause as? String ?? context.debugDescription)
      }
      throw .malformed(path: path, reason: reason)
    }
  }

  /// The value of `{"answers": …}`; nil for any other value.
  var answers: AnswerValue? {
    guard case .object(let object) = self, object.count == 1, let inner = object["answers"] else {
      return nil
    }
    switch inner {
    case .list, .object: return inner
    default: return nil
    }
  }

  /// The value as text, or its JSON type.
  var name: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .word(let text): text
    case .list: "a list"
    case .object: "an object"
    }
  }
}
