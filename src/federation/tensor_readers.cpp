// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/tensor_readers.h"

#include "core/platform_file.h"
#include "core/safetensors.h"

namespace consilium::federation {

namespace {

/// Reads where the values lie in the mapped file; where a file cannot be mapped, by copies of its pieces.
class FileReader : public UpdateReader
{
public:
    FileReader(SafetensorsFile file, std::optional<platform::MappedFile> mapped)
        : m_file(std::move(file)), m_mapped(std::move(mapped))
    {
    }
    const std::vector<TensorInfo> &tensors() const override { return m_file.tensors(); }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &scratch) const override
    {
        const auto width = byteSize(m_file.tensors()[index].dtype);
        if (m_mapped)
            return m_mapped->bytes().subspan(m_file.position(index) + (begin * width), count * width);
        scratch.resize(count * width);
        if (auto read = m_file.read(index, begin * width, scratch); !read)
            return fail(read.error());
        return std::span<const std::byte>(scratch);
    }
    void release(std::size_t index, std::size_t begin, std::size_t count) const override
    {
        const auto width = byteSize(m_file.tensors()[index].dtype);
        if (m_mapped)
            m_mapped->release(m_file.position(index) + (begin * width), count * width);
    }

private:
    SafetensorsFile m_file;
    std::optional<platform::MappedFile> m_mapped;
};

class StateReader : public UpdateReader
{
public:
    explicit StateReader(ModelState state) : m_state(std::move(state))
    {
        for (const auto &tensor : m_state.tensors)
            m_tensors.push_back(tensor.info);
    }
    const std::vector<TensorInfo> &tensors() const override { return m_tensors; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &) const override
    {
        const auto width = byteSize(m_tensors[index].dtype);
        return std::span<const std::byte>(m_state.tensors[index].values).subspan(begin * width, count * width);
    }

private:
    ModelState m_state;
    std::vector<TensorInfo> m_tensors;
};

class SelectedTensors : public UpdateReader
{
public:
    SelectedTensors(std::shared_ptr<const UpdateReader> all, std::string_view prefix, bool with, bool strip)
        : m_all(std::move(all))
    {
        for (std::size_t i = 0; i < m_all->tensors().size(); ++i) {
            auto info = m_all->tensors()[i];
            if (info.name.starts_with(prefix) != with)
                continue;
            if (strip)
                info.name.erase(0, prefix.size());
            m_tensors.push_back(std::move(info));
            m_indices.push_back(i);
        }
    }
    const std::vector<TensorInfo> &tensors() const override { return m_tensors; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &scratch) const override
    {
        return m_all->read(m_indices[index], begin, count, scratch);
    }
    void release(std::size_t index, std::size_t begin, std::size_t count) const override
    {
        m_all->release(m_indices[index], begin, count);
    }

private:
    std::shared_ptr<const UpdateReader> m_all;
    std::vector<TensorInfo> m_tensors;
    std::vector<std::size_t> m_indices;
};

} // namespace

Result<std::shared_ptr<const UpdateReader>> readerOf(const std::filesystem::path &file)
{
    auto opened = SafetensorsFile::open(file);
    if (!opened)
        return fail(opened.error());
    return std::make_shared<const FileReader>(std::move(*opened), platform::MappedFile::open(file));
}

std::shared_ptr<const UpdateReader> readerOf(ModelState state)
{
    return std::make_shared<const StateReader>(std::move(state));
}

std::shared_ptr<const UpdateReader> tensorsWithPrefix(std::shared_ptr<const UpdateReader> all, std::string_view prefix,
                                                      bool strip)
{
    return std::make_shared<const SelectedTensors>(std::move(all), prefix, true, strip);
}

std::shared_ptr<const UpdateReader> tensorsWithoutPrefix(std::shared_ptr<const UpdateReader> all,
                                                         std::string_view prefix)
{
    return std::make_shared<const SelectedTensors>(std::move(all), prefix, false, false);
}

} // namespace consilium::federation
