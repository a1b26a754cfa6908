import CADBC

/// The rows of one column in one batch, as borrowed memory: valid until the batch is released.
struct ArrowSlice {
    let array: UnsafePointer<ArrowArray>
    /// Where the rows start in the buffers.
    let start: Int
    let count: Int

    init(_ array: UnsafePointer<ArrowArray>, offset: Int, count: Int) {
        self.array = array
        self.start = Int(array.pointee.offset) + offset
        self.count = count
    }

    /// A buffer, or nil where the engine left it out.
    func buffer(_ index: Int) -> UnsafeRawPointer? {
        guard index < array.pointee.n_buffers, let buffers = array.pointee.buffers else {
            return nil
        }
        return buffers[index]
    }

    /// One flag for each row, or nil when no row is missing.
    func validity() -> [Bool]? {
        guard array.pointee.null_count != 0, let bits = buffer(0) else { return nil }
        let flags = Self.bools(bits, start: start, count: count)
        return flags.contains(false) ? flags : nil
    }

    /// The bits of a bitmap, least significant first.
    static func bools(_ bits: UnsafeRawPointer, start: Int, count: Int) -> [Bool] {
        let bytes = bits.assumingMemoryBound(to: UInt8.self)
        return [Bool](unsafeUninitializedCapacity: count) { flags, initialised in
            for row in 0..<count {
                let bit = start + row
                (flags.baseAddress! + row).initialize(to: bytes[bit >> 3] >> (bit & 7) & 1 == 1)
            }
            initialised = count
        }
    }
}

/// Why a column cannot be decoded. The column's name is added by whoever knows it.
enum DecodingFailure: Error {
    case missingBuffer
    case valueOutOfRange
    case badIndex
}
