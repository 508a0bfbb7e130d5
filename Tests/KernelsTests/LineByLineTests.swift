// Launches of which each line is a launch, and what a text may say of rows, parts and patterns: errors included.

import Machine
import Testing

@testable import Kernels
@testable import Notation

@Suite("Each line a launch")
struct LineByLineTests {
  private func kernel(_ body: String, head: String = "") throws(Diagnostic) -> Kernel {
    let text = """
      kernel mine
      in     Q[N,d] K[Nk,d] V[Nk,dv]
      out    O[N,dv]
      \(head)
      tile   N by Br, Nk by Bc

      \(body)
      """
    return try Kernel(Array(text.utf8), stem: "mine", size: text.utf8.count)
  }

  private func fault(_ body: String, head: String = "") -> String {
    do throws(Diagnostic) {
      _ = try kernel(body, head: head).check(on: testDevice())
      return ""
    } catch { return error.message }
  }

  @Test("It computes what the same lines compute in one launch, and moves each tile in between")
  func same() throws {
    let lines = """
        load q = Q[i], k = K, v = V
        s = scale * q @ k.T
        p = max(s, 0)
        p = p * p
        o = p @ v
        store O[i] = o
      """
    let one = try kernel("launch all, a block for each i of N\n\(lines)")
    let many = try kernel("launch all, a block for each i of N, each line a launch\n\(lines)")
    let problem = Problem.attention(AttentionProblem(queries: 7, keys: 5, d: 3, dv: 2, heads: 2))
    let runs = try [one, many].map { kernel in
      try Plan(kernel, problem, Mapping(rows: 3, columns: 2, depth: 2), testDevice()).record(
        inputs: problem.seededInputs(1))
    }
    let outputs = try runs.map { run in
      run.finalState.matrix(try #require(run.program.tensorIndex("O")))
    }
    #expect(outputs[0] == outputs[1])
    #expect(runs[1].program.launches.map(\.name) == ["all s", "all p", "all p'", "all o"])
    let moved = Dictionary(
      uniqueKeysWithValues: zip(runs[1].program.tensors.map(\.name), runs[1].totals.tensors))
    let matrix = 2 * 7 * 5 * 4
    #expect(moved["S"] == Transfers(readBytes: matrix, writeBytes: matrix))
    #expect(moved["P"] == Transfers(readBytes: 2 * matrix, writeBytes: 2 * matrix))
  }

  @Test("A sum over a loop is one launch, and a condition is the launch's")
  func loops() throws {
    let kernel = try kernel(
      """
      launch sums, a block for each head, each line a launch
        w = 0; z = 0
        for each j of Nk
          load k = K[j], v = V[j]
          w = w + k.T @ v
          z = z + k.T @ ones(k)
        store W = w, Z = z
      launch outputs, a block for each i of N, each line a launch
        load q = Q[i], w = W, z = Z
        l = q @ z
        o = q @ w
        with mask: o = 2 * o
        o = o / l
        store O[i] = o
      """, head: "hbm    W[d,dv] Z[d]")
    let plain = try Plan(
      kernel, .attention(AttentionProblem(queries: 5, keys: 4, d: 3, dv: 2)), Mapping(tile: 2),
      testDevice())
    #expect(
      plain.program.launches.map(\.name) == [
        "sums w", "sums z", "outputs l", "outputs o", "outputs o''",
      ])
  }

  @Test("Moves speak of the written lines, and tensors in between need none")
  func moves() throws {
    let kernel = try kernel(
      """
      launch all, a block for each i of N, each line a launch
        load q = Q[i], k = K, v = V
        s = q @ k.T
        s = scale * s
        o = s @ v
        store O[i] = o

      moves
        Q reads N·d   K reads ⌈N/Br⌉·Nk·d   V reads ⌈N/Br⌉·Nk·dv   O writes N·dv
      """)
    let proof = kernel.proof(on: testDevice())
    #expect(proof.diagnostics.isEmpty && proof.problems > 5)
  }

  @Test("What cannot be is said, with the name and what was expected")
  func faults() {
    let block = "launch all, a block for each i of N\n"
    #expect(
      fault(block + "  load q = Q[i]; free q\n  store O[i] = q", head: "").isEmpty == false)
    #expect(
      fault(
        """
        launch all, a block for each i of N, each line a launch
          o = 0
          for each j of Nk
            load q = Q[i], k = K[j], v = V[j]
            o = 0.5 * o
            s = q @ k.T
            o = o + s @ v
          store O[i] = o
        """
      ).contains("o goes from one iteration to the next, and more than one line changes it"))
    #expect(
      fault("launch all, a block for each i of N, each line a launch\n  load q = Q[i]")
        == "no line of all computes anything")
    #expect(
      fault(block + "  load q = Q[i], v = V[rows q]\n  store O[i] = v").contains(
        "expected one number for each row"))
    #expect(
      fault(
        block
          + "  load q = Q[i], k = K, v = V; t = top(rowsum(q), d)\n  s = q @ k.T\n  o = s @ v\n  store O[i] = o"
      ).contains(
        "top takes a column along a whole axis"))
    #expect(
      fault(block + "  load q = Q[i]; t = sort(q)\n  store O[i] = q").contains(
        "sort takes one number per row"))
    #expect(
      fault(block + "  load q = Q[i]\n  store O[i] = q", head: "sees z < 3").contains(
        "z is no size"))
    #expect(
      fault(block + "  load q = Q[i]\n  store O[i] = q", head: "sees fixd: q < 3").contains(
        "no choice of an option above"))
    #expect(
      fault(
        block
          + "  o = 0\n  for each j of Nk in part h\n    load q = Q[i], k = K[j], v = V[j]\n    s = q @ k.T\n    o = o + s @ v\n  store O[i] = o"
      ).contains("h goes along nothing here"))
    #expect(
      fault(block + "  load k = K[i], v = V[i]\n  store O[i] = v").contains(
        "i goes along N, and this axis of K is Nk"))
  }
}
