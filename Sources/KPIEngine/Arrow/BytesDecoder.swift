import CADBC
import KPICore

/// Text and binary values of varying length, in any of Arrow's three layouts.
struct BytesDecoder<Element>: ValueDecoder {
    let layout: ArrowFormat.BytesLayout
    let filler: Element
    let make: (UnsafeRawBufferPointer) -> Element
    let wrap: ([Element]) -> Column.Values
    private(set) var elements: [Element] = []

    init(
        _ layout: ArrowFormat.BytesLayout, filler: Element,
        _ make: @escaping (UnsafeRawBufferPointer) -> Element,
        wrap: @escaping ([Element]) -> Column.Values
    ) {
        self.layout = layout
        self.filler = filler
        self.make = make
        self.wrap = wrap
    }

    var values: Column.Values { wrap(elements) }

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws {
        guard slice.count > 0 else { return }
        guard let base = slice.buffer(1) else { throw DecodingFailure.missingBuffer }
        switch layout {
        case .offsets32: try appendRanges(slice, base, validity, of: Int32.self)
        case .offsets64: try appendRanges(slice, base, validity, of: Int64.self)
        case .views: try appendViews(slice, base, validity)
        }
    }

    /// Row `r` is `data[offsets[r]..<offsets[r + 1]]`.
    private mutating func appendRanges<Offset: FixedWidthInteger & BitwiseCopyable>(
        _ slice: ArrowSlice, _ base: UnsafeRawPointer, _ validity: [Bool]?, of: Offset.Type
    ) throws {
        let data = slice.buffer(2)
        let width = MemoryLayout<Offset>.size
        var start = Int(base.loadUnaligned(fromByteOffset: slice.start * width, as: Offset.self))
        for row in 0..<slice.count {
            let next = (slice.start + row + 1) * width
            let end = Int(base.loadUnaligned(fromByteOffset: next, as: Offset.self))
            defer { start = end }
            if end == start || validity.map({ !$0[row] }) == true {
                elements.append(filler)
            } else {
                guard let data else { throw DecodingFailure.missingBuffer }
                elements.append(
                    make(UnsafeRawBufferPointer(start: data + start, count: end - start)))
            }
        }
    }

    /// A view is 16 bytes: a length, then up to 12 bytes in place or a buffer and an offset.
    private mutating func appendViews(
        _ slice: ArrowSlice, _ base: UnsafeRawPointer, _ validity: [Bool]?
    ) throws {
        for row in 0..<slice.count {
            if let validity, !validity[row] {
                elements.append(filler)
                continue
            }
            let view = base + (slice.start + row) * 16
            let length = Int(view.loadUnaligned(as: Int32.self))
            guard length > 12 else {
                elements.append(make(UnsafeRawBufferPointer(start: view + 4, count: length)))
                continue
            }
            let index = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
            let offset = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
            guard let data = slice.buffer(2 + index) else { throw DecodingFailure.missingBuffer }
            elements.append(make(UnsafeRawBufferPointer(start: data + offset, count: length)))
        }
    }
}

extension BytesDecoder<String> {
    static func text(_ layout: ArrowFormat.BytesLayout) -> Self {
        Self(layout, filler: "", { String(decoding: $0, as: UTF8.self) }, wrap: { .text($0) })
    }
}

extension BytesDecoder<[UInt8]> {
    static func binary(_ layout: ArrowFormat.BytesLayout) -> Self {
        Self(layout, filler: [], { [UInt8]($0) }, wrap: { .binary($0) })
    }
}

/// Values that are bytes of one width and stand one after another.
struct FixedBytesDecoder<Element>: ValueDecoder {
    let width: Int
    let make: (UnsafeRawBufferPointer) -> Element
    let wrap: ([Element]) -> Column.Values
    private var elements: [Element] = []

    init(
        width: Int, _ make: @escaping (UnsafeRawBufferPointer) -> Element,
        wrap: @escaping ([Element]) -> Column.Values
    ) {
        self.width = width
        self.make = make
        self.wrap = wrap
    }

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws {
        guard slice.count > 0 else { return }
        guard let base = slice.buffer(1) else { throw DecodingFailure.missingBuffer }
        for row in 0..<slice.count {
            let start = base + (slice.start + row) * width
            elements.append(make(UnsafeRawBufferPointer(start: start, count: width)))
        }
    }

    var values: Column.Values { wrap(elements) }
}

/// Text that is stored as indices into a dictionary, which comes with every batch.
struct DictionaryDecoder: ValueDecoder {
    let layout: ArrowFormat.BytesLayout
    /// Reads one index from a raw buffer at a row.
    let index: (UnsafeRawPointer, Int) -> Int
    private var elements: [String] = []

    init?(indices: ArrowFormat, dictionary: ArrowFormat) {
        guard case .text(let layout) = dictionary, let index = indices.indexReader else {
            return nil
        }
        self.layout = layout
        self.index = index
    }

    mutating func append(_ slice: ArrowSlice, validity: [Bool]?) throws {
        guard slice.count > 0 else { return }
        guard let base = slice.buffer(1), let dictionary = slice.array.pointee.dictionary else {
            throw DecodingFailure.missingBuffer
        }
        var words = BytesDecoder<String>.text(layout)
        let whole = ArrowSlice(dictionary, offset: 0, count: Int(dictionary.pointee.length))
        try words.append(whole, validity: whole.validity())
        for row in 0..<slice.count {
            if let validity, !validity[row] {
                elements.append("")
                continue
            }
            let position = index(base, slice.start + row)
            guard words.elements.indices.contains(position) else { throw DecodingFailure.badIndex }
            elements.append(words.elements[position])
        }
    }

    var values: Column.Values { .text(elements) }
}

extension ArrowFormat {
    fileprivate var indexReader: ((UnsafeRawPointer, Int) -> Int)? {
        guard case .integer(let bits, let isSigned) = self else { return nil }
        func reader<Index: FixedWidthInteger & BitwiseCopyable>(
            _: Index.Type
        ) -> (UnsafeRawPointer, Int) -> Int {
            { base, row in
                let offset = row * MemoryLayout<Index>.size
                return Int(
                    truncatingIfNeeded: base.loadUnaligned(fromByteOffset: offset, as: Index.self))
            }
        }
        switch (bits, isSigned) {
        case (8, true): return reader(Int8.self)
        case (8, false): return reader(UInt8.self)
        case (16, true): return reader(Int16.self)
        case (16, false): return reader(UInt16.self)
        case (32, true): return reader(Int32.self)
        case (32, false): return reader(UInt32.self)
        case (64, true): return reader(Int64.self)
        default: return reader(UInt64.self)
        }
    }
}
