// `--out`: the results of a run appear together or not at all, and what they replace is never lost.

import Foundation
import Lessons
import Testing

@testable import Library
@testable import Runs
@testable import tilewalk

@Suite("Results")
struct ResultTests {
  private static let run = "run flash-attention --n 8 --out r"
  private static let names = ["L.npy", "O.npy", "l.npy", "m.npy"]

  /// Runs `body` beside a folder `r` with earlier results, all of them but `infeasibility`, a folder.
  private func withEarlier(
    infeasibility: String? = nil, _ body: (String) throws -> Void
  ) throws {
    try withFolder { folder in
      for name in Self.names where name != infeasibility {
        try FileManager.default.createDirectory(
          atPath: folder + "/r", withIntermediateDirectories: true)
        try writeFile(Array("earlier \(name)".utf8), to: "\(folder)/r/\(name)")
      }
      if let infeasibility {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/r/\(infeasibility)", withIntermediateDirectories: true)
      }
      try body(folder)
    }
  }

  private func expectEarlier(_ folder: String, without infeasibility: String? = nil) throws {
    #expect(try files(in: folder + "/r") == Self.names)
    for name in Self.names where name != infeasibility {
      let text = try String(contentsOfFile: "\(folder)/r/\(name)", encoding: .utf8)
      #expect(text == "earlier \(name)")
    }
  }

  @Test("A name that is taken by a folder leaves all others as they were", arguments: names)
  func infeasibility(name: String) throws {
    try withEarlier(infeasibility: name) { folder in
      let outcome = try tilewalk(Self.run, in: folder)
      #expect(outcome.code == 66 && outcome.output.isEmpty && outcome.errorLines.count == 1)
      #expect(outcome.error.contains("r/\(name): cannot be written: it is a directory"))
      try expectEarlier(folder, without: name)
    }
  }

  @Test(
    "A report that cannot be written leaves no result, and the earlier ones",
    arguments: ["", " --format json", " --log"])
  func report(format: String) throws {
    try withEarlier { folder in
      for way in [">/dev/full 2>/dev/null", ">&- 2>&-"] {
        #expect(try shell(Self.run + format, way, in: folder) == 66)
        try expectEarlier(folder)
        #expect(
          try shell(Self.run.replacing(" r", with: " new/deep/r") + format, way, in: folder) == 66)
        #expect(try files(in: folder) == ["r"])
      }
    }
  }

  @Test("A file that would grow too large is an error as well")
  func quota() throws {
    try withEarlier { folder in
      let line = "\"$0\" run flash-attention --n 64 --d 64 --out r >/dev/null 2>&1"
      #expect(try shell("ulimit -f 4; \(line)", in: folder) == 66)
      try expectEarlier(folder)
      #expect(try shell(line, in: folder) == 0)
    }
  }

  @Test("Whoever no longer reads the report still gets the results")
  func goneReader() throws {
    try withEarlier { folder in
      let code = try shell(Self.run, "2>err | head -0; exit ${PIPESTATUS[0]}", in: folder)
      #expect(code == 0)
      #expect(try files(in: folder + "/r") == Self.names)
      #expect(try NpyArray(contentsOf: folder + "/r/O.npy").shape.first == 8)
    }
  }

  @Test("An interrupted run leaves what was there", arguments: ["INT", "TERM", "HUP", "QUIT"])
  func signals(name: String) throws {
    let codes: [String: Int32] = ["INT": 130, "TERM": 143, "HUP": 129, "QUIT": 131]
    try withEarlier { folder in
      try writeArray([1], to: folder + "/x.npy")
      // Nobody reads the pipe, so that the report waits: the files are in place by then.
      let script = """
        set -m; ulimit -c 0; mkfifo pipe; exec 3<>pipe
        "$0" run flash-attention --n 256 --tile 4 --log --out r >pipe & child=$!
        for try in $(seq 200); do [ "$(head -c 7 r/O.npy)" = earlier ] || break; sleep .05; done
        "$0" run flash-attention --n 256 --tile 4 --log --out new/r >pipe & other=$!
        for try in $(seq 200); do [ -e new/r/O.npy ] && break; sleep .05; done
        kill -\(name) $child $other; wait $other; second=$?; wait $child
        [ $? = \(codes[name]!) ] && [ $second = \(codes[name]!) ]
        """
      #expect(try shell(script, in: folder) == 0)
      try expectEarlier(folder)
      #expect(try files(in: folder) == ["pipe", "r", "x.npy"])
    }
  }

  @Test("A link among the results stays one, and two that lead to one file are refused")
  func links() throws {
    try withEarlier { folder in
      let manager = FileManager.default
      try manager.removeItem(atPath: folder + "/r/O.npy")
      try manager.createSymbolicLink(
        atPath: folder + "/r/O.npy", withDestinationPath: "../kept.npy")
      #expect(try tilewalk(Self.run, in: folder).code == 0)
      #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/r/O.npy") == "../kept.npy")
      #expect(try NpyArray(contentsOf: folder + "/kept.npy").shape.first == 8)
      #expect(try files(in: folder) == ["kept.npy", "r"])
      #expect(try files(in: folder + "/r") == Self.names)
      let before = try Data(contentsOf: URL(filePath: folder + "/kept.npy"))
      try manager.removeItem(atPath: folder + "/r/m.npy")
      try manager.createSymbolicLink(atPath: folder + "/r/m.npy", withDestinationPath: "O.npy")
      let outcome = try tilewalk(Self.run + " --seed 5", in: folder)
      #expect(outcome.code == 66 && outcome.error.contains("two results"))
      #expect(try Data(contentsOf: URL(filePath: folder + "/kept.npy")) == before)
    }
  }

  @Test("A folder that takes L and l for one is refused, and what was made is gone")
  func capitals() throws {
    try withFolder { folder in
      /// What such a folder would say: names are the same whatever their letters' size.
      func isThere(_ path: String) -> Bool {
        let name = (path as NSString).lastPathComponent.lowercased()
        let folder = (path as NSString).deletingLastPathComponent
        return (try? files(in: folder).contains { $0.lowercased() == name }) ?? false
      }
      let error = #expect(throws: Failure.self) {
        _ = try ResultFolder.open(
          folder + "/a/b", needsCaseSensitivity: true, exists: isThere, whenInterrupted: { _ in })
      }
      #expect(error?.code == 64 && error?.message.contains("capitals from small letters") == true)
      #expect(try files(in: folder).isEmpty)
      _ = try ResultFolder.open(
        folder + "/c", needsCaseSensitivity: false, exists: isThere, whenInterrupted: { _ in })
      _ = try ResultFolder.open(
        folder + "/d", needsCaseSensitivity: true, whenInterrupted: { _ in })
      #expect(try files(in: folder) == ["c", "d"])
      #expect(try files(in: folder + "/d").isEmpty)
    }
  }

  @Test("A folder is made wherever it is, and the one around a path is found")
  func parents() throws {
    let parents = [
      "r": ".", "r/": ".", "/": "/", "/r": "/", "a/r": "a", "a//r//": "a", "/a/r": "/a", "": ".",
      "é/r": "é",
    ]
    for (path, folder) in parents { #expect(parentFolder(path) == folder, "\(path)") }
    for path in ["r", "r/", "./r", "a/b/r", "a/../r"] {
      try withFolder { folder in
        let outcome = try tilewalk("run flash-attention --n 8 --out \(path)", in: folder)
        #expect(outcome.code == 0, "\(path): \(outcome.error)")
        let result = try NpyArray(contentsOf: "\(folder)/\(path)/O.npy")
        #expect(result.shape.first == 8)
      }
    }
  }

  @Test("A folder without a name, and one that cannot be made, are refused before the run")
  func folders() throws {
    try withFolder { folder in
      #expect(try tilewalk(["run", "flash-attention", "--out", ""], in: folder).code == 64)
      try writeFile([], to: folder + "/file")
      for path in ["file", "file/r", "/proc/r"] {
        let outcome = try tilewalk("run flash-attention --out \(path)", in: folder)
        #expect(outcome.code == 66 && outcome.errorLines.count == 1, "\(outcome.error)")
      }
      #expect(try files(in: folder) == ["file"])
    }
  }
}
