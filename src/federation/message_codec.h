// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "federation/spool.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <variant>

namespace flwr::proto {
class Metadata;
class ObjectTree;
} // namespace flwr::proto

namespace consilium::federation {

using MetricValue = std::variant<std::int64_t, double>;
using ConfigValue = std::variant<bool, std::int64_t, double, std::string>;
using Metrics = std::vector<std::pair<std::string, MetricValue>>;
using Config = std::vector<std::pair<std::string, ConfigValue>>;

/// Who sends what to whom; times in seconds, created since 1970.
struct MessageMetadata
{
    std::uint64_t runId = 0;
    std::uint64_t source = 0;
    std::uint64_t destination = 0;
    std::string replyTo; ///< id of the message this answers; empty for a first message
    std::string group;   ///< the round, as text
    std::string type;    ///< "train", "evaluate", "query"
    double ttl = 0;
    double created = 0;

    void toProto(flwr::proto::Metadata &proto) const;
    static MessageMetadata fromProto(const flwr::proto::Metadata &proto);
};

/// A message as it lies in a spool. Records follow Flower's names: "arrays", "metrics", "config".
struct Message
{
    MessageMetadata metadata;
    std::string arrays; ///< object id of the ArrayRecord; empty when there is none
    Metrics metrics;
    Config config;
    std::string error; ///< reason, when the sender could not do what was asked

    std::optional<MetricValue> metric(std::string_view name) const;
    std::string text(std::string_view key) const; ///< empty when missing
    std::int64_t number(std::string_view key, std::int64_t otherwise = 0) const;
};

/// Told of every object as soon as it is in the spool, so that it can travel while later ones are made.
using StoredObject = std::function<void(const std::string &id)>;

/// Puts a model into the spool, chunk by chunk, and returns the id of its ArrayRecord. Memory: one chunk.
Result<std::string> encodeArrays(const std::filesystem::path &safetensors, const Spool &spool);
/// Several files' tensors, whose names differ, as one record.
Result<std::string> encodeArrays(std::span<const std::filesystem::path> files, const Spool &spool);
Result<std::string> encodeArrays(const ModelState &model, const Spool &spool, const StoredObject &stored = {});

/// Puts the message (its arrays are there already) and returns its id.
Result<std::string> encodeMessage(const Message &message, const Spool &spool);

/// Errors: NotFound (an object has not arrived); Malformed (naming what).
Result<Message> decodeMessage(const std::string &id, const Spool &spool);

/// The arrays as a model in memory.
Result<ModelState> decodeArrays(const std::string &id, const Spool &spool);

/// The tree of ids below an object, for PullMessages and PushMessages.
Result<> fillObjectTree(const std::string &id, const Spool &spool, flwr::proto::ObjectTree &tree);
/// The ids of a tree that the spool lacks, parents before children.
std::vector<std::string> missingObjects(const flwr::proto::ObjectTree &tree, const Spool &spool);

} // namespace consilium::federation
