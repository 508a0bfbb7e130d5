// `--out`: all results or none, and what was there before is there again after a failure.

import Foundation
import Lessons
import Testing

@testable import tilewalk

@Suite("Results")
struct ResultFilesTests {
  private let program = "'\(buildFolder.appending(path: "tilewalk").path)'"
  private let run = "run flash-attention --n 8 --d 4 --out results"

  private func contents(_ folder: String) throws -> [String: String] {
    var contents: [String: String] = [:]
    for name in try files(in: folder) {
      contents[name] = (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? "data"
    }
    return contents
  }

  private func withEarlierResults(_ body: (_ folder: String, _ results: String) throws -> Void)
    throws
  {
    try withFolder { folder in
      let results = "\(folder)/results"
      try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
      for name in ["O", "m", "notes"] {
        try writeFile(Array("old".utf8), to: "\(results)/\(name).npy")
      }
      try body(folder, results)
    }
  }

  @Test("replace earlier ones, and leave other files and no draft")
  func replacing() throws {
    try withEarlierResults { folder, results in
      #expect(try shell("\(program) \(run)", in: folder).code == 0)
      #expect(try files(in: results) == ["L.npy", "O.npy", "l.npy", "m.npy", "notes.npy"])
      #expect(try NpyArray(contentsOf: "\(results)/O.npy").shape == [8, 4])
      #expect(try contents(results)["notes.npy"] == "old")
    }
  }

  @Test(
    "that fail leave the earlier ones as they were",
    arguments: [
      "mkdir results/L.npy; $P", "mkdir results/l.npy; $P", "mkfifo results/L.npy; $P",
      "$P >/dev/full",
      "$P >&-", "ulimit -f 0; $P",
    ])
  func failing(line: String) throws {
    try withEarlierResults { folder, results in
      let outcome = try shell(line.replacing("$P", with: "\(program) \(run)"), in: folder)
      #expect(outcome.code != 0 && outcome.output.isEmpty, "\(line): \(outcome.code)")
      let there = try files(in: results)
      let after = try contents(results).filter { $0.value == "old" }
      #expect(after.keys.sorted() == ["O.npy", "m.npy", "notes.npy"], "\(line): \(there)")
      #expect(there.count <= 4, "\(line): \(there)")
    }
  }

  @Test("that fail in a folder of their own take it away again")
  func ownFolder() throws {
    try withFolder { folder in
      let line = "\(program) run flash-attention --n 8 --d 4 --out a/b/c >/dev/full"
      #expect(try shell(line, in: folder).code == 66)
      #expect(try files(in: folder).isEmpty)
      try writeFile([], to: "\(folder)/file")
      let inFile = try tilewalk("run flash-attention --n 8 --d 4 --out file/results", in: folder)
      #expect(inFile.code == 66 && inFile.errorLines.count == 1, "\(inFile.error)")
    }
  }

  @Test("are put back when a signal ends a report that nobody reads")
  func signals() throws {
    try withEarlierResults { folder, results in
      // The log is larger than a pipe holds, so the program waits for its reader.
      let line =
        "mkfifo pipe; sleep 30 <pipe & reader=$!; "
        + "\(program) run flash-attention --n 256 --d 4 --tile 8 --log --out results >pipe & run=$!; "
        + "sleep 6; kill -TERM $run; wait $run; echo $?; kill $reader"
      let outcome = try shell(line, in: folder)
      #expect(outcome.output == "143\n", "\(outcome.output) \(outcome.error)")
      #expect(try contents(results) == ["O.npy": "old", "m.npy": "old", "notes.npy": "old"])
    }
  }

  @Test("follow a link to the file that has the name")
  func links() throws {
    try withEarlierResults { folder, results in
      try FileManager.default.removeItem(atPath: "\(results)/O.npy")
      try writeFile(Array("old".utf8), to: "\(folder)/kept.npy")
      symlink("../kept.npy", "\(results)/O.npy")
      #expect(try shell("\(program) \(run)", in: folder).code == 0)
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: "\(results)/O.npy")
          == "../kept.npy")
      #expect(try NpyArray(contentsOf: "\(folder)/kept.npy").shape == [8, 4])
    }
  }

  @Test("are refused where capitals and small letters are one, and nothing is written")
  func letterCase() throws {
    try withFolder { folder in
      let names = ["O", "m", "l", "L"]
      let error = #expect(throws: Failure.self) {
        try ResultFiles.checkCase(of: names, in: folder) { _ in true }
      }
      #expect(
        error?.code == 64 && error?.message.contains("l.npy and L.npy would be one file") == true)
      try ResultFiles.checkCase(of: names, in: folder)
      try ResultFiles.checkCase(of: ["O", "L"], in: folder) { _ in true }
      #expect(try files(in: folder).isEmpty)
    }
  }
}
