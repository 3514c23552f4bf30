// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace consilium::viewer {

/// choice: left, right or equal. likert: 1 to 5. checklist: any of the named items, or how many of each. text: words.
enum class QuestionKind { Choice, Likert, Checklist, Text };

/// Asked once for the case, or once for the left and once for the right side.
enum class QuestionScope { Case, Side };

struct ChecklistItem
{
    std::string id;   ///< "juxtacortical"
    std::string text; ///< "juxtacortical or subcortical"
    char key = 0;     ///< one letter, upper case
};

struct ReadingQuestion
{
    std::string id; ///< letters a-z, digits, "-" and "_"
    QuestionKind kind = QuestionKind::Choice;
    QuestionScope scope = QuestionScope::Case;
    std::string text; ///< "Which is better?"
    bool required = true;
    std::string keys;                 ///< choice: three, likert: five, different; "123" and "12345" unless said
    std::string low, high;            ///< likert: words for 1 and 5
    std::vector<ChecklistItem> items; ///< checklist: at least one
    bool counts = false;              ///< checklist: how many of each, not only whether
};

enum class Pairing {
    Rotate, ///< each case once; case i of the plan shows pair i modulo the number of pairs
    Every   ///< each case once with every pair
};

/// A reading session as data. In JSON (all keys; those marked * must be there, any other is an error):
///
///     {
///       "title": "Local or federated",             *
///       "kind": "lesions",                         whose default it is: "lesions", "landmarks" or nothing
///       "cases": "all" or ["case-001", ...],       "all" unless said: those the study has when the session begins
///       "models": ["local: north", "federated"],   two or more when the session begins; a plan on file may leave it
///       out "pairing": "rotate" or "every",            matters with three models or more; "rotate" unless said
///       "pairs": {"case-003": ["local", "federated"]},  cases that show these two, whatever the pairing
///       "blinded": true,                           true unless said
///       "seed": 7,                                 0 to 2^53 - 1; 0 unless said
///       "orderPerReader": true,                    each reader has an order and sides of his own; true unless said
///       "questions": [                             *
///         {"id": "better", "kind": "choice", "text": "Which is better?", "per": "case", "required": true,
///          "keys": "123"},
///         {"id": "outline", "kind": "likert", "text": "Outline", "low": "useless", "high": "as I would", "per":
///         "side"},
///         {"id": "missed", "kind": "checklist", "text": "Missed lesions", "per": "side", "counts": false,
///          "items": [{"id": "periventricular", "text": "periventricular", "key": "P"}, ...]},
///         {"id": "why", "kind": "text", "text": "Why?", "required": false}
///       ]
///     }
///
/// "per" is "case" unless said (always for a choice), "required" true, an item's "key" its first letter.
struct ReadingPlan
{
    std::string title;
    std::string kind;
    bool allCases = true;
    std::vector<std::string> cases; ///< empty while allCases
    std::vector<std::string> models;
    Pairing pairing = Pairing::Rotate;
    std::map<std::string, std::pair<std::string, std::string>> pairs; ///< by case
    bool blinded = true;
    std::uint64_t seed = 0;
    bool orderPerReader = true;
    std::vector<ReadingQuestion> questions;

    /// Errors: Malformed, naming the key ("questions[1].items: unknown key 'colour'").
    static Result<ReadingPlan> fromJson(const Json &json);
    Json toJson() const;
};

/// Errors: NotFound; Io; Malformed, naming file and key.
Result<ReadingPlan> readReadingPlan(const std::filesystem::path &file);

/// The plans of a folder's .json files, by file name; a missing folder has none. Errors: as readReadingPlan.
Result<std::vector<ReadingPlan>> readingPlansIn(const std::filesystem::path &folder);

/// Fixes which cases are read and checks that the plan can begin: "all" becomes `available`. Errors: Invalid (fewer
/// than two models, no case, a pair of a case or model that is not there); NotFound (a case of the plan that is not in
/// `available`; not checked when that is empty).
Result<ReadingPlan> resolved(ReadingPlan plan, std::span<const std::string> available);

/// SHA-256 of the canonical JSON as 64 hexadecimal digits. Errors: Invalid (a seed JSON cannot hold).
Result<std::string> planHash(const ReadingPlan &plan);

/// What one question asks at one time: the question, and the side when it is asked for each.
enum class Side { Left, Right };
struct ReadingStep
{
    std::size_t question = 0;
    std::optional<Side> side;
};

/// In the order they are asked: questions in the plan's order, left before right.
std::vector<ReadingStep> steps(const ReadingPlan &plan);

/// Under which an answer is kept: "better", "missed.left".
std::string answerKey(const ReadingPlan &plan, const ReadingStep &step);

} // namespace consilium::viewer
