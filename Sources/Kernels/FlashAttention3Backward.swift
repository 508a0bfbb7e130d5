// FlashAttention-3 backward: FlashAttention-2's loops, in which each warp group owns part of a column
// block. All groups share a tile of Q and dO; their products run while others do the softmax.

import Machine

extension FlashAttention3 {
  /// The line of that number in FlashAttention-2's backward listing.
  private static func line(_ number: Int) -> Int {
    forward.count + Delta.listing.count + number
  }

  static func backwardLaunches(_ gpu: Layout, _ device: Device) -> [Launch] {
    let delta = Delta.launch(gpu, line: forward.count + 1)
    guard gpu.mapping.isAsLaunched else { return [delta, gradients(gpu)] }
    var backward = gradients(gpu).at(
      backwardPrice(gpu.problem, gpu.mapping, device),
      backwardFootprint(gpu.problem, gpu.mapping),
      gpu.mapping, device)
    backward.reachesFullRate = true
    return [
      AroundBackward.delta(delta, gpu.problem, device), backward,
      AroundBackward.conversion(gpu, device),
    ]
  }

  private static func gradients(_ gpu: Layout) -> Launch {
    let (planes, groups) = (gpu.problem.keyValuePlanes, gpu.mapping.groups)
    let blocks = tileCount(gpu.columnBlocks, groups)
    return Launch("backward", blocks: planes * blocks) { block, sm in
      let (index, plane) = block.quotientAndRemainder(dividingBy: planes)
      let first = index * groups
      columnBlocks(Array(first..<min(first + groups, gpu.columnBlocks)), plane, gpu, &sm)
    }.sharing { block in
      let (index, plane) = block.quotientAndRemainder(dividingBy: planes)
      let end = (index + 1) * groups
      return end > gpu.columnBlocks
        ? -1 - gpu.headShape(plane) : gpu.columnShape(plane, end - 1)
    }
  }

  /// What a warp group holds of its columns.
  private struct Group {
    var j: Int
    /// Nil where nobody sees them.
    var k: Tile?
    var v: Tile?
    var dK: Tile
    var dV: Tile
  }

  /// One group's tiles of a round.
  private struct Scores {
    var group: Group
    var place: Region
    var coverage: Coverage
    var s: Tile
    var dP: Tile
    var dS: Tile?
  }

  private static func columnBlocks(
    _ columns: [Int], _ plane: Int, _ gpu: Layout, _ sm: inout Block
  ) {
    let visits = gpu.problem.group(ofKeyValuePlane: plane).flatMap { head in
      (0..<gpu.rowBlocks).filter { i in columns.contains { gpu.coverage(head, i, $0) != .none } }
        .map { (head: head, i: $0) }
    }
    let groups = columns.enumerated().map { index, j in
      sm.group = index
      let isSeen = visits.contains { gpu.coverage($0.head, $0.i, j) != .none }
      return Group(
        j: j, k: isSeen ? sm.load(gpu.columns("K", plane, j), line: line(1)) : nil,
        v: isSeen ? sm.load(gpu.columns("V", plane, j), line: line(1)) : nil,
        dK: sm.fill("dK", at: gpu.columns("dK", plane, j), with: 0, line: line(1)),
        dV: sm.fill("dV", at: gpu.columns("dV", plane, j), with: 0, line: line(1)))
    }
    let kinds = { (visit: (head: Int, i: Int)) in
      columns.map { gpu.kind(visit.head, visit.i, $0) }
    }
    sm.loop(visits, alike: kinds, isSteady: gpu.mapping.isAsLaunched) { visit, sm in
      round(visit.i, visit.head, groups, gpu, &sm)
    }
    for (index, group) in groups.enumerated() {
      sm.group = index
      sm.store(group.dK, to: gpu.columns("dK", plane, group.j), line: line(10))
      sm.store(group.dV, to: gpu.columns("dV", plane, group.j), line: line(10))
      if let k = group.k, let v = group.v { sm.free(k, v, line: line(10)) }
      sm.free(group.dK, group.dV, line: line(10))
    }
  }

  /// Row block i meets the columns of all groups: first all products that depend on nothing new.
  private static func round(
    _ i: Int, _ head: Int, _ groups: [Group], _ gpu: Layout, _ sm: inout Block
  ) {
    let loaded = ["Q", "dO", "L", "D"].map { sm.load(gpu.rows($0, head, i), line: line(2)) }
    let (q, dO, logSum, delta) = (loaded[0], loaded[1], loaded[2], loaded[3])
    var rounds = groups.enumerated().compactMap { index, group -> (Int, Scores)? in
      let coverage = gpu.coverage(head, i, group.j)
      guard coverage != .none, let k = group.k, let v = group.v else { return nil }
      let place = gpu.tile("S", head, i, group.j)
      sm.group = index
      sm.isAsynchronous = gpu.hasAsynchronousProducts
      let s = sm.multiply(
        q, k, transposing: .right, as: "S", at: place, again: true, line: line(3))
      let dP = sm.multiply(dO, v, transposing: .right, as: "dP", at: place, line: line(6))
      sm.isAsynchronous = false
      return (index, Scores(group: group, place: place, coverage: coverage, s: s, dP: dP))
    }
    for (index, (number, scores)) in rounds.enumerated() {
      sm.group = number
      rounds[index].1.dS = softmax(scores, dO, logSum, delta, gpu, &sm)
    }
    for (number, scores) in rounds {
      sm.group = number
      products(scores, q, i, head, gpu, &sm)
    }
    sm.free(q, dO, logSum, delta, line: line(9))
  }

  /// P, dV and dS of one group.
  private static func softmax(
    _ scores: Scores, _ dO: Tile, _ logSum: Tile, _ delta: Tile, _ gpu: Layout,
    _ sm: inout Block
  ) -> Tile {
    let (place, s, dP) = (scores.place, scores.s, scores.dP)
    sm.makeLogits(s, gpu, at: place, coverage: scores.coverage, line: line(3))
    let p = sm.exp(s, minus: logSum, at: place, line: line(4))
    let pd = sm.weightsForValues(p, gpu, at: place, line: line(5))
    sm.drop(dP, of: .gradients, gpu, at: place, line: line(6))
    let dS = sm.scoreGradient(p, dP, delta, s, gpu, at: place, line: line(7))
    sm.isAsynchronous = gpu.hasAsynchronousProducts
    sm.accumulate(
      pd, dO, transposing: .left, weighted: true,
      onto: scores.group.dV, line: line(5))
    sm.isAsynchronous = false
    sm.free(s, p, dP, line: line(7))
    if pd.id != p.id { sm.free(pd, line: line(7)) }
    return dS
  }

  /// dQ and dK, once all groups have their dS.
  private static func products(
    _ scores: Scores, _ q: Tile, _ i: Int, _ head: Int, _ gpu: Layout, _ sm: inout Block
  ) {
    guard let dS = scores.dS, let k = scores.group.k else { return }
    let target = gpu.rows("dQ", head, i)
    sm.takeTurn(line: line(8))
    sm.isAsynchronous = gpu.hasAsynchronousProducts
    let dQ = sm.multiply(
      dS, k, weighted: true, as: "dQ", at: target, line: line(9))
    sm.accumulate(
      dS, q, transposing: .left, weighted: true, onto: scores.group.dK, line: line(8))
    sm.isAsynchronous = false
    sm.add(dQ, to: target, line: line(9))
    sm.free(dS, dQ, line: line(9))
  }

  /// As FlashAttention-2's, but every warp group adds its own part of dQ.
  static func backwardTraffic(_ problem: AttentionProblem, _ mapping: Mapping) -> [TensorTraffic] {
    var whole = mapping
    whole.columns = mapping.columns * mapping.groups
    let blocks = FlashAttention2.backwardTraffic(problem, VisitedTiles(problem, whole))
    let groups = FlashAttention2.backwardTraffic(problem, VisitedTiles(problem, mapping))
    let ofGroups = ["K", "V", "dQ", "bias", "mask"]
    return zip(blocks, groups).map { ofGroups.contains($0.tensor) ? $1 : $0 }
  }
}
