// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/message_codec.h"

#include "core/json.h"
#include "core/safetensors.h"
#include "federation/array_record.h"
#include "federation/npy.h"

#include "flwr/proto/message.pb.h"

#include <algorithm>
#include <array>

namespace consilium::federation {

namespace {

/// Python's json.dumps spelling (", " and ": "), which the ids of other implementations are computed over.
std::string pythonJson(const OrderedJson &value)
{
    if (value.is_object()) {
        std::string out = "{";
        for (const auto &[key, inner] : value.items())
            out += (out.size() > 1 ? ", " : "") + OrderedJson(key).dump(-1, ' ', true) + ": " + pythonJson(inner);
        return out + "}";
    }
    if (value.is_array()) {
        std::string out = "[";
        for (const auto &inner : value)
            out += (out.size() > 1 ? ", " : "") + pythonJson(inner);
        return out + "]";
    }
    return value.dump(-1, ' ', true);
}

void addChild(std::vector<std::string> &children, const std::string &id)
{
    if (std::find(children.begin(), children.end(), id) == children.end())
        children.push_back(id);
}

/// Gives the bytes of a tensor's values from `begin`, at most `count`; they stay valid until the next call.
using ValueSource = std::function<Result<std::string_view>(std::size_t begin, std::size_t count)>;

/// Puts tensors one by one, chunk by chunk, and names them in an ArrayRecord.
class ArrayRecordWriter
{
public:
    ArrayRecordWriter(const Spool &spool, const StoredObject &stored) : m_spool(spool), m_stored(stored) {}

    Result<> add(const TensorInfo &info, const ValueSource &values)
    {
        const auto id = putArray(info, values);
        if (!id)
            return fail(id.error());
        addChild(m_record.children, *id);
        m_names[info.name] = *id;
        return {};
    }

    Result<std::string> finish()
    {
        m_record.body = pythonJson(m_names);
        return tell(m_spool.put(m_record));
    }

private:
    Result<std::string> putArray(const TensorInfo &info, const ValueSource &values)
    {
        const auto dtype = numpyName(info.dtype);
        if (!dtype)
            return fail(dtype.error());
        const auto header = npyHeader(info);
        FleetObject array{"Array", {}, {}};
        OrderedJson indices = OrderedJson::array();
        const std::size_t total = header.size() + info.bytes();
        for (std::size_t begin = 0; begin < total; begin += chunkSize) {
            const auto end = std::min(begin + chunkSize, total);
            // The header is far smaller than a chunk, so it lies in the first whole.
            const auto ofHeader = begin == 0 ? std::string_view(header) : std::string_view();
            const auto from = begin == 0 ? 0 : begin - header.size();
            const auto ofValues = values(from, end - header.size() - from);
            if (!ofValues)
                return fail(ofValues.error());
            const std::array<std::string_view, 2> body{ofHeader, *ofValues};
            const auto id = tell(m_spool.putLeaf("ArrayChunk", body));
            if (!id)
                return id;
            addChild(array.children, *id);
            indices.push_back(std::find(array.children.begin(), array.children.end(), *id) - array.children.begin());
        }
        array.body = pythonJson(
            {{"dtype", *dtype}, {"shape", info.shape}, {"stype", "numpy.ndarray"}, {"arraychunk_ids", indices}});
        return tell(m_spool.put(array));
    }

    Result<std::string> tell(Result<std::string> id) const
    {
        if (id && m_stored)
            m_stored(*id);
        return id;
    }

    const Spool &m_spool;
    const StoredObject &m_stored;
    FleetObject m_record{"ArrayRecord", {}, {}};
    OrderedJson m_names = OrderedJson::object();
};

Result<Tensor> decodeTensor(const std::string &name, const std::string &id, const Spool &spool)
{
    const auto chunks = chunksOf(name, id, spool);
    if (!chunks)
        return fail(chunks.error());
    Tensor tensor;
    bool first = true;
    for (const auto &chunkId : *chunks) {
        const auto chunk = objectOfType(chunkId, spool, "ArrayChunk");
        if (!chunk)
            return fail(chunk.error());
        std::string_view data = chunk->body;
        if (std::exchange(first, false)) {
            const auto header = parseNpyHeader(data);
            if (!header)
                return fail(header.error(), "Array '{}'", name);
            tensor.info = header->tensor;
            tensor.info.name = name;
            data.remove_prefix(header->size);
        }
        const auto bytes = std::as_bytes(std::span(data));
        tensor.values.insert(tensor.values.end(), bytes.begin(), bytes.end());
        if (tensor.values.size() > tensor.info.bytes())
            break;
    }
    if (tensor.values.size() != tensor.info.bytes())
        return fail(ErrorCode::Malformed, "The array '{}' has {} bytes, its shape needs {}", name, tensor.values.size(),
                    tensor.info.bytes());
    return tensor;
}

} // namespace

void MessageMetadata::toProto(flwr::proto::Metadata &proto) const
{
    proto.set_run_id(runId);
    proto.set_src_node_id(source);
    proto.set_dst_node_id(destination);
    proto.set_reply_to_message_id(replyTo);
    proto.set_group_id(group);
    proto.set_ttl(ttl);
    proto.set_message_type(type);
    proto.set_created_at(created);
}

MessageMetadata MessageMetadata::fromProto(const flwr::proto::Metadata &proto)
{
    return {proto.run_id(),   proto.src_node_id(),  proto.dst_node_id(), proto.reply_to_message_id(),
            proto.group_id(), proto.message_type(), proto.ttl(),         proto.created_at()};
}

std::optional<MetricValue> Message::metric(std::string_view name) const
{
    for (const auto &[key, value] : metrics) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

std::string Message::text(std::string_view key) const
{
    for (const auto &[name, value] : config) {
        if (name == key && std::holds_alternative<std::string>(value))
            return std::get<std::string>(value);
    }
    return {};
}

std::int64_t Message::number(std::string_view key, std::int64_t otherwise) const
{
    for (const auto &[name, value] : config) {
        if (name == key && std::holds_alternative<std::int64_t>(value))
            return std::get<std::int64_t>(value);
    }
    return otherwise;
}

Result<std::string> encodeArrays(std::span<const std::filesystem::path> files, const Spool &spool)
{
    const StoredObject nobody;
    ArrayRecordWriter writer(spool, nobody);
    std::string values;
    for (const auto &path : files) {
        auto file = SafetensorsFile::open(path);
        if (!file)
            return fail(file.error());
        for (std::size_t i = 0; i < file->tensors().size(); ++i) {
            const auto added =
                writer.add(file->tensors()[i], [&](std::size_t begin, std::size_t count) -> Result<std::string_view> {
                    values.resize(count);
                    if (auto read = file->read(i, begin, std::as_writable_bytes(std::span(values))); !read)
                        return fail(read.error());
                    return values;
                });
            if (!added)
                return fail(added.error());
        }
    }
    return writer.finish();
}

Result<std::string> encodeArrays(const std::filesystem::path &safetensors, const Spool &spool)
{
    return encodeArrays(std::span(&safetensors, 1), spool);
}

Result<std::string> encodeArrays(const ModelState &model, const Spool &spool, const StoredObject &stored)
{
    ArrayRecordWriter writer(spool, stored);
    for (const auto &tensor : model.tensors) {
        const std::string_view all(reinterpret_cast<const char *>(tensor.values.data()), tensor.values.size());
        const auto added = writer.add(tensor.info, [&](std::size_t begin, std::size_t count) {
            return Result<std::string_view>(all.substr(begin, count));
        });
        if (!added)
            return fail(added.error());
    }
    return writer.finish();
}

Result<std::string> encodeMessage(const Message &message, const Spool &spool)
{
    FleetObject records{"RecordDict", {}, {}};
    OrderedJson names = OrderedJson::object();
    const auto attach = [&](const char *name, const Result<std::string> &id) -> Result<> {
        if (!id)
            return fail(id.error());
        addChild(records.children, *id);
        names[name] = *id;
        return {};
    };
    if (!message.arrays.empty()) {
        if (auto attached = attach("arrays", message.arrays); !attached)
            return fail(attached.error());
    }
    if (!message.metrics.empty()) {
        flwr::proto::MetricRecord record;
        for (const auto &[name, value] : message.metrics) {
            auto *item = record.add_items();
            item->set_key(name);
            if (std::holds_alternative<double>(value))
                item->mutable_value()->set_double_(std::get<double>(value));
            else
                item->mutable_value()->set_sint64(std::get<std::int64_t>(value));
        }
        if (auto attached = attach("metrics", spool.put({"MetricRecord", {}, record.SerializeAsString()})); !attached)
            return fail(attached.error());
    }
    if (!message.config.empty()) {
        flwr::proto::ConfigRecord record;
        for (const auto &[name, value] : message.config) {
            auto *item = record.add_items();
            item->set_key(name);
            auto *out = item->mutable_value();
            if (const auto *flag = std::get_if<bool>(&value))
                out->set_bool_(*flag);
            else if (const auto *number = std::get_if<std::int64_t>(&value))
                out->set_sint64(*number);
            else if (const auto *real = std::get_if<double>(&value))
                out->set_double_(*real);
            else
                out->set_string(std::get<std::string>(value));
        }
        if (auto attached = attach("config", spool.put({"ConfigRecord", {}, record.SerializeAsString()})); !attached)
            return fail(attached.error());
    }
    records.body = pythonJson(names);

    flwr::proto::Message proto;
    message.metadata.toProto(*proto.mutable_metadata());
    FleetObject object{"Message", {}, {}};
    if (message.error.empty()) {
        const auto id = spool.put(records);
        if (!id)
            return id;
        object.children.push_back(*id);
    } else {
        proto.mutable_error()->set_reason(message.error);
    }
    object.body = proto.SerializeAsString();
    return spool.put(object);
}

Result<Message> decodeMessage(const std::string &id, const Spool &spool)
{
    const auto object = objectOfType(id, spool, "Message");
    if (!object)
        return fail(object.error());
    flwr::proto::Message proto;
    if (!proto.ParseFromString(object->body))
        return fail(ErrorCode::Malformed, "A message's body cannot be read");
    Message message;
    message.metadata = MessageMetadata::fromProto(proto.metadata());
    if (proto.has_error()) {
        message.error =
            proto.error().reason().empty() ? fmt::format("error {}", proto.error().code()) : proto.error().reason();
        return message;
    }
    if (object->children.size() != 1)
        return fail(ErrorCode::Malformed, "A message has {} contents instead of one", object->children.size());
    const auto records = objectOfType(object->children.front(), spool, "RecordDict");
    if (!records)
        return fail(records.error());
    const auto named = namedChildren(*records);
    if (!named)
        return fail(named.error());
    for (const auto &[name, child] : *named) {
        // Chunks below an ArrayRecord are large; only its own type is looked at here.
        const auto record = spool.object(child);
        if (!record)
            return fail(record.error());
        if (record->type == "ArrayRecord") {
            message.arrays = child;
        } else if (record->type == "MetricRecord") {
            flwr::proto::MetricRecord metrics;
            if (!metrics.ParseFromString(record->body))
                return fail(ErrorCode::Malformed, "The metrics of a message cannot be read");
            for (const auto &item : metrics.items()) {
                if (item.value().has_double_())
                    message.metrics.emplace_back(item.key(), item.value().double_());
                else if (item.value().has_sint64())
                    message.metrics.emplace_back(item.key(), std::int64_t{item.value().sint64()});
                else if (item.value().has_uint64())
                    message.metrics.emplace_back(item.key(), static_cast<std::int64_t>(item.value().uint64()));
            }
        } else if (record->type == "ConfigRecord") {
            flwr::proto::ConfigRecord config;
            if (!config.ParseFromString(record->body))
                return fail(ErrorCode::Malformed, "The configuration of a message cannot be read");
            for (const auto &item : config.items()) {
                if (item.value().has_bool_())
                    message.config.emplace_back(item.key(), item.value().bool_());
                else if (item.value().has_sint64())
                    message.config.emplace_back(item.key(), std::int64_t{item.value().sint64()});
                else if (item.value().has_double_())
                    message.config.emplace_back(item.key(), item.value().double_());
                else if (item.value().has_string())
                    message.config.emplace_back(item.key(), item.value().string());
            }
        }
    }
    return message;
}

Result<ModelState> decodeArrays(const std::string &id, const Spool &spool)
{
    const auto named = namedArrays(id, spool);
    if (!named)
        return fail(named.error());
    ModelState model;
    for (const auto &[name, child] : *named) {
        auto tensor = decodeTensor(name, child, spool);
        if (!tensor)
            return fail(tensor.error());
        model.tensors.push_back(std::move(*tensor));
    }
    return model;
}

Result<> fillObjectTree(const std::string &id, const Spool &spool, flwr::proto::ObjectTree &tree)
{
    tree.set_object_id(id);
    const auto object = spool.object(id);
    if (!object)
        return fail(object.error());
    for (const auto &child : object->children) {
        auto *branch = tree.add_children();
        branch->set_object_id(child);
        if (object->type == "Array")
            continue; // chunks are leaves; reading them would read the whole model
        if (auto filled = fillObjectTree(child, spool, *branch); !filled)
            return filled;
    }
    return {};
}

std::vector<std::string> missingObjects(const flwr::proto::ObjectTree &tree, const Spool &spool)
{
    std::vector<std::string> missing;
    std::set<std::string> seen;
    std::vector<const flwr::proto::ObjectTree *> open{&tree};
    while (!open.empty()) {
        const auto *next = open.back();
        open.pop_back();
        if (!spool.has(next->object_id()) && seen.insert(next->object_id()).second)
            missing.push_back(next->object_id());
        for (const auto &child : next->children())
            open.push_back(&child);
    }
    return missing;
}

} // namespace consilium::federation
