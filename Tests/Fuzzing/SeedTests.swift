// Tries each property with the seeds of its corpus, as far as that goes without libFuzzer.

import Foundation
import Testing

/// What scripts/fuzz starts from, and what it has once found.
@Suite struct SeedTests {
    /// An input in a file.
    struct Seed: CustomTestStringConvertible {
        let property: Property
        let file: URL
        var testDescription: String { "\(property.name)/\(file.lastPathComponent)" }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private static let seeds: [Seed] = Property.all.flatMap { property in
        files(in: "Corpora/\(property.name)").map { Seed(property: property, file: $0) }
    }

    private static func files(in path: String) -> [URL] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder.appending(path: path), includingPropertiesForKeys: nil)
        return files ?? []
    }

    @Test(arguments: seeds) func `its property holds of a seed`(_ seed: Seed) throws {
        try seed.property.check(Array(Data(contentsOf: seed.file)))
    }

    @Test(arguments: Property.all.map(\.name))
    func `a property has seeds and a program of its name`(_ name: String) {
        #expect(!Self.files(in: "Corpora/\(name)").isEmpty)
        #expect(!Self.files(in: "Programs/\(name)").isEmpty)
    }

    @Test(arguments: ["Corpora", "Programs", "Dictionaries"])
    func `nothing is there for a property that nobody tries`(_ path: String) {
        let names = Self.files(in: path).map { $0.deletingPathExtension().lastPathComponent }
        #expect(Set(names).isSubset(of: Property.all.map(\.name)))
    }
}
