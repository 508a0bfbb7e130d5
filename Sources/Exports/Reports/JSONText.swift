// Encodes values as JSON text that is safe to print.

import Foundation
import Library

/// `value` as JSON with sorted keys and a final line end. Control characters in strings are
/// escaped.
package func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return visibleJSON(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
}
