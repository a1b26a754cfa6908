import KPICore

/// Copies the values of one column out of Arrow batches, one batch after another.
///
/// `append` is linear in the rows of the batch; arrays grow by doubling, so that a result costs
/// the same in many small batches as in one.
protocol ValueDecoder {
    /// - Parameter validity: one flag for each row of the slice, nil when all are present.
    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws
    var values: Column.Values { get }
}

/// Values of fixed width that tables hold just as they come.
struct VerbatimDecoder<Element: BitwiseCopyable>: ValueDecoder {
    let wrap: ([Element]) -> Column.Values
    private var elements: [Element] = []

    init(_ wrap: @escaping ([Element]) -> Column.Values) { self.wrap = wrap }

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws {
        guard slice.count > 0 else { return }
        guard let base = slice.buffer(1) else { throw DecodingFailure.missingBuffer }
        let width = MemoryLayout<Element>.stride
        let source = base + slice.start * width
        if Int(bitPattern: source) % MemoryLayout<Element>.alignment == 0 {
            let typed = source.assumingMemoryBound(to: Element.self)
            elements.append(contentsOf: UnsafeBufferPointer(start: typed, count: slice.count))
        } else {
            for row in 0..<slice.count {
                elements.append(
                    source.loadUnaligned(fromByteOffset: row * width, as: Element.self))
            }
        }
    }

    var values: Column.Values { wrap(elements) }
}

/// Values of fixed width that change their form on the way, or do not fit.
struct ConvertingDecoder<Source: BitwiseCopyable, Target>: ValueDecoder {
    /// Stands where a value is missing and its payload has no meaning.
    let filler: Target
    let convert: (Source) -> Target?
    let wrap: ([Target]) -> Column.Values
    private var elements: [Target] = []

    init(
        filler: Target, _ convert: @escaping (Source) -> Target?,
        wrap: @escaping ([Target]) -> Column.Values
    ) {
        self.filler = filler
        self.convert = convert
        self.wrap = wrap
    }

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws {
        guard slice.count > 0 else { return }
        guard let base = slice.buffer(1) else { throw DecodingFailure.missingBuffer }
        let width = MemoryLayout<Source>.stride
        let source = base + slice.start * width
        for row in 0..<slice.count {
            let raw = source.loadUnaligned(fromByteOffset: row * width, as: Source.self)
            if let value = convert(raw) {
                elements.append(value)
            } else if let validity, !validity[row] {
                elements.append(filler)
            } else {
                throw DecodingFailure.valueOutOfRange
            }
        }
    }

    var values: Column.Values { wrap(elements) }
}

struct BoolDecoder: ValueDecoder {
    private var elements: [Bool] = []

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws {
        guard slice.count > 0 else { return }
        guard let bits = slice.buffer(1) else { throw DecodingFailure.missingBuffer }
        elements += ArrowSlice.bools(bits, start: slice.start, count: slice.count)
    }

    var values: Column.Values { .bool(elements) }
}

/// A column that has no buffers at all.
struct NullDecoder: ValueDecoder {
    private var count = 0

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) { count += slice.count }

    var values: Column.Values { .null(count: count) }
}
