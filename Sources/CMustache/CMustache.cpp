// Passes values and templates to kainjow's Mustache library.

#include "CMustache.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <utility>
#include <vector>

// The library includes <iostream> but does not use it. Its streams would be created at the start of each program, and
// take 0.6 MiB of each listener's resident memory. Defining its include guard skips the header.
#define _GLIBCXX_IOSTREAM
#include <kainjow/mustache.hpp>

namespace mustache = kainjow::mustache;
using mustache::data;

// MARK: Values

struct cmustache_values {
    // Outermost first; each is added to its parent when it is closed, because adding copies it.
    std::vector<std::pair<std::string, data>> open{{"", data(data::type::object)}};
    bool lacks_memory = false;

    void add(const std::string &name, const data &value) {
        data &parent = open.back().second;
        if (parent.is_list()) {
            parent.push_back(value);
        } else {
            parent.set(name, value);
        }
    }

    // Failures are reported when the template is rendered.
    template <typename Work> void attempt(Work work) noexcept {
        try {
            work();
        } catch (...) {
            lacks_memory = true;
        }
    }
};

cmustache_values *cmustache_new(void) {
    try {
        return new cmustache_values;
    } catch (...) {
        return nullptr;
    }
}

void cmustache_free(cmustache_values *values) { delete values; }

void cmustache_add_text(cmustache_values *values, const char *name, const char *text, size_t count) {
    values->attempt([=] { values->add(name, data(std::string(text, count))); });
}

void cmustache_add_flag(cmustache_values *values, const char *name, bool flag) {
    values->attempt([=] { values->add(name, data(flag)); });
}

void cmustache_begin_object(cmustache_values *values, const char *name) {
    values->attempt([=] { values->open.emplace_back(name, data(data::type::object)); });
}

void cmustache_begin_list(cmustache_values *values, const char *name) {
    values->attempt([=] { values->open.emplace_back(name, data(data::type::list)); });
}

void cmustache_end(cmustache_values *values) {
    values->attempt([=] {
        if (values->open.size() < 2) return;
        auto ended = std::move(values->open.back());
        values->open.pop_back();
        values->add(ended.first, ended.second);
    });
}

// MARK: Rendering

namespace {

struct too_large : std::exception {};

// Looks up names. The library's own context looks up all parts of a dotted name at each level, contrary to the
// specification of Mustache ("interpolation", Dotted Names - Context Precedence).
class stack final : public mustache::basic_context<std::string> {
public:
    stack(const data &values, size_t byte_limit, size_t tag_limit)
        : items_{&values}, bytes_left_(byte_limit), tags_left_(tag_limit) {}

    void push(const data *item) override {
        count_tag();
        items_.push_back(item);
    }

    void pop() override { items_.pop_back(); }

    const data *get(const std::string &name) const override {
        count_tag();
        const data *found = find(name);
        if (found && found->is_string()) {
            const size_t size = found->string_value().size();
            if (size > bytes_left_) throw too_large();
            bytes_left_ -= size;
        }
        return found;
    }

    const data *get_partial(const std::string &) const override { return nullptr; }

private:
    std::vector<const data *> items_;
    mutable size_t bytes_left_;
    mutable size_t tags_left_;

    void count_tag() const {
        if (tags_left_ == 0) throw too_large();
        --tags_left_;
    }

    const data *innermost() const {
        for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
            if (!(*item)->is_bool()) return *item;
        }
        return items_.front();
    }

    const data *find(const std::string &name) const {
        if (name == ".") return innermost();
        if (name.front() == '\\') return items_.front()->get(name);
        if (name.back() == ')') return innermost()->get(name);
        if (name.front() == '.') return descend(innermost(), name, 1);
        const size_t end = name.find('.');
        const std::string first = name.substr(0, end);
        for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
            const data *found = (*item)->get(first);
            if (found) return end == std::string::npos ? found : descend(found, name, end + 1);
        }
        return nullptr;
    }

    static const data *descend(const data *item, const std::string &name, size_t start) {
        for (;;) {
            const size_t end = name.find('.', start);
            item = item->get(name.substr(start, end - start));
            if (!item || end == std::string::npos) return item;
            start = end + 1;
        }
    }
};

std::string escaped(const std::string &text) {
    std::string result;
    result.reserve(text.size());
    for (const char byte : text) {
        switch (byte) {
        case '"': result += "\\\""; break;
        case '\\': result += "\\\\"; break;
        case '\n': result += "\\n"; break;
        case '\r': result += "\\r"; break;
        case '\t': result += "\\t"; break;
        default:
            if (static_cast<unsigned char>(byte) < 0x20) {
                char code[7];
                std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(byte));
                result += code;
            } else {
                result += byte;
            }
        }
    }
    return result;
}

// The library writes to any type that has an operator << for texts.
struct output {
    std::string text;
    size_t limit;
};

output &operator<<(output &output, const std::string &text) {
    if (text.size() > output.limit - output.text.size()) throw too_large();
    output.text += text;
    return output;
}

cmustache_result render(
    const data &values, const std::string &text, size_t byte_limit, size_t tag_limit) {
    mustache::mustache document(text);
    if (!document.is_valid()) return {CMUSTACHE_NOT_PARSED, nullptr, 0};
    document.set_custom_escape(escaped);
    stack stack(values, byte_limit, tag_limit);
    output output{{}, byte_limit};
    document.render(stack, output);
    const size_t count = output.text.size();
    char *copy = static_cast<char *>(std::malloc(count + 1));
    if (!copy) return {CMUSTACHE_NO_MEMORY, nullptr, 0};
    std::memcpy(copy, output.text.c_str(), count + 1);
    return {CMUSTACHE_RENDERED, copy, count};
}

}  // namespace

cmustache_result cmustache_render(
    const cmustache_values *values, const char *text, size_t count, size_t byte_limit, size_t tag_limit) {
    if (values->lacks_memory) return {CMUSTACHE_NO_MEMORY, nullptr, 0};
    try {
        return render(values->open.front().second, std::string(text, count), byte_limit, tag_limit);
    } catch (const too_large &) {
        return {CMUSTACHE_TOO_LARGE, nullptr, 0};
    } catch (...) {
        return {CMUSTACHE_NO_MEMORY, nullptr, 0};
    }
}
