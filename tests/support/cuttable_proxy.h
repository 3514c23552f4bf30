// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace consilium::test {

/// The network between a site and its host: relays TCP from a port of its own on 127.0.0.1 to another there, counts the
/// bytes, and can be cut, broken or slowed. As an HTTP proxy it takes CONNECT for any name and leads it to the host.
class CuttableProxy
{
public:
    enum class Kind { Cable, HttpConnect };

    explicit CuttableProxy(int hostPort, Kind kind = Kind::Cable) : m_hostPort(hostPort), m_kind(kind)
    {
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        auto address = loopback(0);
        socklen_t length = sizeof address;
        if (bind(m_listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 ||
            listen(m_listener, 64) != 0 ||
            getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length) != 0)
            throw std::runtime_error("The proxy could not listen");
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { work(); });
    }
    ~CuttableProxy()
    {
        m_stop = true;
        m_thread.join();
        close(m_listener);
    }

    int port() const { return m_port; }
    std::string endpoint() const { return "127.0.0.1:" + std::to_string(m_port); }
    std::int64_t up() const { return m_up.moved; }     ///< bytes from the site
    std::int64_t down() const { return m_down.moved; } ///< bytes from the host
    int broken() const { return m_broken; }            ///< how often breakAfter came to pass

    /// A cut cable: nothing goes either way any more, and nobody is told; `whole` again, what waited goes on.
    void cut() { m_cut = true; }
    void mend() { m_cut = false; }
    /// Resets every connection, once, as soon as that many bytes have come from the site or from the host; the next
    /// connection is taken as ever.
    void breakAfterUp(std::int64_t bytes) { m_up.breakAt = bytes; }
    void breakAfterDown(std::int64_t bytes) { m_down.breakAt = bytes; }
    /// Bytes per second of all connections together; 0: as fast as it goes.
    void slowUp(std::int64_t bytesPerSecond) { m_up.rate = bytesPerSecond; }
    void slowDown(std::int64_t bytesPerSecond) { m_down.rate = bytesPerSecond; }

    /// The heads of the HTTP requests that came.
    std::vector<std::string> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t bufferSize = 128 * 1024;

    struct Direction
    {
        std::atomic<std::int64_t> moved{0}, breakAt{0}, rate{0};
        double allowance = 0;
    };
    struct Half
    {
        std::string buffer; ///< read, not yet written
        bool ended = false; ///< nothing more comes
        bool told = false;  ///< and the other side knows
    };
    struct Connection
    {
        int site = -1, host = -1;
        Half up, down;
        bool asked = false; ///< the CONNECT request was answered
        bool dead = false;
    };

    static sockaddr_in loopback(int port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        return address;
    }
    /// Small, so that what was counted is also what arrived, near enough.
    static void keepSmall(int descriptor)
    {
        const int size = static_cast<int>(bufferSize);
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    }
    static void reset(int descriptor)
    {
        if (descriptor < 0)
            return;
        const linger now{1, 0}; // RST instead of FIN
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(descriptor);
    }

    bool reachHost(Connection &connection) const
    {
        connection.host = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        keepSmall(connection.host);
        const auto address = loopback(m_hostPort);
        if (connect(connection.host, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            return false;
        return true;
    }

    void accept()
    {
        const int descriptor = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        keepSmall(descriptor);
        m_connections.emplace_back();
        auto &connection = m_connections.back();
        connection.site = descriptor;
        connection.dead = m_kind == Kind::Cable && !reachHost(connection);
    }

    void answerConnect(Connection &connection)
    {
        const auto end = connection.up.buffer.find("\r\n\r\n");
        if (end == std::string::npos)
            return;
        const auto head = connection.up.buffer.substr(0, end);
        connection.up.buffer.erase(0, end + 4);
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(head);
        }
        connection.asked = true;
        connection.dead = !head.starts_with("CONNECT ") || !reachHost(connection);
        if (!connection.dead)
            connection.down.buffer = "HTTP/1.1 200 Connection established\r\n\r\n";
    }

    static void read(int descriptor, Half &half, Direction &direction, Connection &connection)
    {
        auto room = bufferSize - half.buffer.size();
        if (direction.rate > 0)
            room = std::min(room, static_cast<std::size_t>(std::max(0.0, direction.allowance)));
        if (room == 0)
            return;
        const auto before = half.buffer.size();
        half.buffer.resize(before + room);
        const auto got = recv(descriptor, half.buffer.data() + before, room, MSG_DONTWAIT);
        half.buffer.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got > 0) {
            direction.moved += got;
            direction.allowance -= static_cast<double>(got);
        } else if (got == 0) {
            half.ended = true;
        } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            connection.dead = true;
        }
    }
    static void write(int descriptor, Half &half, Connection &connection)
    {
        if (!half.buffer.empty()) {
            const auto sent = send(descriptor, half.buffer.data(), half.buffer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent > 0)
                half.buffer.erase(0, static_cast<std::size_t>(sent));
            else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
                connection.dead = true;
        }
        if (half.ended && half.buffer.empty() && !half.told) {
            half.told = true;
            shutdown(descriptor, SHUT_WR);
        }
    }

    void serve(Connection &connection, short siteReady, short hostReady)
    {
        const bool linked = connection.host >= 0;
        if ((siteReady & (POLLIN | POLLHUP | POLLERR)) && !connection.up.ended)
            read(connection.site, connection.up, m_up, connection);
        if (m_kind == Kind::HttpConnect && !connection.asked)
            answerConnect(connection);
        if (linked && (hostReady & (POLLIN | POLLHUP | POLLERR)) && !connection.down.ended)
            read(connection.host, connection.down, m_down, connection);
        if (connection.host >= 0 && !connection.dead)
            write(connection.host, connection.up, connection);
        if (!connection.dead)
            write(connection.site, connection.down, connection);
        connection.dead = connection.dead || (connection.up.told && connection.down.told) ||
                          (connection.up.ended && connection.host < 0);
    }

    static bool takeBreak(Direction &direction)
    {
        const auto at = direction.breakAt.load();
        if (at == 0 || direction.moved < at)
            return false;
        direction.breakAt = 0;
        return true;
    }

    void work()
    {
        auto last = Clock::now();
        while (!m_stop) {
            if (m_cut) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
                last = Clock::now();
                continue;
            }
            const auto time = Clock::now();
            const auto passed = std::chrono::duration<double>(time - std::exchange(last, time)).count();
            for (auto *direction : {&m_up, &m_down}) {
                const auto rate = static_cast<double>(direction->rate.load());
                direction->allowance = std::min(direction->allowance + rate * passed, std::max(rate / 20, 1500.0));
            }
            std::vector<pollfd> waiting{{m_listener, POLLIN, 0}};
            for (const auto &connection : m_connections) {
                const auto events = [](const Half &in, const Half &out, const Direction &direction) {
                    const bool mayRead =
                        !in.ended && in.buffer.size() < bufferSize && (direction.rate == 0 || direction.allowance >= 1);
                    return static_cast<short>((mayRead ? POLLIN : 0) | (out.buffer.empty() ? 0 : POLLOUT));
                };
                waiting.push_back({connection.site, events(connection.up, connection.down, m_up), 0});
                waiting.push_back({connection.host, events(connection.down, connection.up, m_down), 0});
            }
            poll(waiting.data(), waiting.size(), 5);
            std::size_t slot = 1;
            for (auto &connection : m_connections) {
                serve(connection, waiting[slot].revents, waiting[slot + 1].revents);
                slot += 2;
            }
            if (waiting[0].revents & POLLIN)
                accept();
            if (takeBreak(m_up) || takeBreak(m_down)) {
                ++m_broken;
                for (auto &connection : m_connections)
                    connection.dead = true;
            }
            m_connections.remove_if([](const Connection &connection) {
                if (connection.dead) {
                    reset(connection.site);
                    reset(connection.host);
                }
                return connection.dead;
            });
        }
        for (const auto &connection : m_connections) {
            reset(connection.site);
            reset(connection.host);
        }
    }

    const int m_hostPort;
    const Kind m_kind;
    int m_listener = -1, m_port = 0;
    std::atomic<bool> m_stop{false}, m_cut{false};
    std::atomic<int> m_broken{0};
    Direction m_up, m_down;
    std::list<Connection> m_connections; ///< the thread's own
    mutable std::mutex m_mutex;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};

} // namespace consilium::test
