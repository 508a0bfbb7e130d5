// Anything that can be encoded, as JSON.

import Foundation
import Library
import Player

/// `value` as JSON with sorted keys, and a line end. Nothing in it commands a terminal.
package func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return visibleJSON(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
}
