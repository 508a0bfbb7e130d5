// How many blocks share the keys of a head, where there are too few queries to fill the SMs.

import Machine

/// The fewest parts of the keys whose waves are filled over 85 % as well as the best number fills them; 1 where
/// the blocks fill four fifths of the SMs without. Source: num_splits_heuristic of flash_api.cpp,
/// FlashAttention 2.6.
package func keySplits(_ problem: AttentionProblem, _ mapping: Mapping, on device: Device) -> Int {
  let blocks = problem.planes * tileCount(problem.queries, mapping.rows)
  let tiles = tileCount(problem.keys, mapping.columns)
  guard Double(blocks) < 0.8 * Double(device.smCount) else { return 1 }
  let most = max(1, min(128, device.smCount, tiles))
  // A number that leaves the longest part as long as one less does is no gain.
  let numbers = (1...most).filter { $0 == 1 || tileCount(tiles, $0) < tileCount(tiles, $0 - 1) }
  let efficiencies = numbers.map { splits in
    let waves = Double(blocks * splits) / Double(device.smCount)
    return waves / waves.rounded(.up)
  }
  let best = efficiencies.max() ?? 1
  return numbers[efficiencies.firstIndex { $0 >= 0.85 * best } ?? 0]
}
